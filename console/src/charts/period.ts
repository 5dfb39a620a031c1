import type { Span } from '@/observations/columns'

export const PERIODS = ['day', 'week', 'month', 'year'] as const
export type Period = (typeof PERIODS)[number]

/** A date of the territory's calendar: 2024-12-31. */
export type Day = `${number}-${number}-${number}`

/** What the address says of the period, when it says it. */
export type Asked = { period?: Period; until?: Day }

/** A period and its last day, which it holds whole; without `until` it ends now. */
export type Choice = { period: Period; until: Day | null }

export const FIRST_DAY: Day = '1900-01-01'

const HOUR = 3_600_000
const DAYS = { day: 1, week: 7, month: 30 }

export function askedOf(search: Record<string, unknown>): Asked {
  const period = PERIODS.find((one) => one === search.period)
  const { until } = search
  return { ...(period && { period }), ...(isDay(until) && { until }) }
}

export function isDay(text: unknown): text is Day {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text) || text < FIRST_DAY) return false
  const read = new Date(`${text}T00:00Z`)
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(text)
}

/**
 * What to show for what is asked. Where the address says nothing, that is the newest data: up to now when they reach
 * there, up to their last day otherwise; the last 24 hours or, when these hold nothing, 30 days.
 */
export function choiceOf(asked: Asked, newest: Date | null, now: Date, zone: string): Choice {
  const today = dayOf(now, zone)
  if (asked.until !== undefined) {
    return { period: asked.period ?? 'day', until: asked.until === today ? null : asked.until }
  }
  const reaches = (period: Period) =>
    newest === null ||
    (newest >= spanOf({ period, until: null }, now, zone).start && dayOf(newest, zone) <= today)
  const period = asked.period ?? (reaches('day') ? 'day' : 'month')
  return { period, until: newest === null || reaches(period) ? null : dayOf(newest, zone) }
}

/** The last 24 hours, or whole local days: the last one and those before it. */
export function spanOf({ period, until }: Choice, now: Date, zone: string): Span {
  if (until === null && period === 'day')
    return { start: new Date(Math.floor(now.getTime() / HOUR) * HOUR - 24 * HOUR), end: now }
  const after = plusDays(until ?? dayOf(now, zone), 1)
  return {
    start: midnightOf(moved(after, period, -1), zone),
    end: until === null ? now : midnightOf(after, zone),
  }
}

/** The last day of the period that follows (1) or precedes (-1) the one ending with `until`. */
export function stepped(until: Day, period: Period, direction: 1 | -1): Day {
  return plusDays(moved(plusDays(until, 1), period, direction), -1)
}

/** The last day of the period that begins with `first`. */
export const ending = (first: Day, period: Period): Day => plusDays(moved(first, period, 1), -1)

function moved(day: Day, period: Period, direction: 1 | -1): Day {
  if (period !== 'year') return plusDays(day, direction * DAYS[period])
  const date = new Date(`${day}T00:00Z`)
  date.setUTCFullYear(date.getUTCFullYear() + direction)
  return written(date)
}

export function plusDays(day: Day, count: number): Day {
  const date = new Date(`${day}T00:00Z`)
  date.setUTCDate(date.getUTCDate() + count)
  return written(date)
}

const written = (date: Date) => date.toISOString().slice(0, 10) as Day

export function dayOf(when: Date, zone: string): Day {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(when) as Day
}

/** The instant at which a day begins in `zone`. */
export function midnightOf(day: Day, zone: string): Date {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  const ahead = (instant: number) => Date.parse(`${clock.format(instant).replace(' ', 'T')}Z`) - instant
  const wanted = Date.parse(`${day}T00:00Z`)
  // What the clocks are ahead of UTC is that of the day's beginning, not of UTC's midnight.
  return new Date(wanted - ahead(wanted - ahead(wanted)))
}
