import { APART } from '@/charts/plot'
import { askedOf, spanOf, type Asked, type Choice } from '@/charts/period'
import type { Span } from '@/observations/columns'

export const EVERY = ['auto', 'raw', '1h', '1d', '1mo'] as const
export type Every = (typeof EVERY)[number]
export const FIGURES = ['mean', 'min', 'max', 'sum'] as const
export type Figure = (typeof FIGURES)[number]
export const COMPARED = ['period', 'week', 'year'] as const
export type Compared = (typeof COMPARED)[number]

/** All that is shown, as the address says it; what it leaves out is the usual. `from`, `to`: a part looked at closely. */
export type Explored = Asked & {
  series?: number[]
  every?: Every
  of?: Figure
  compare?: Compared
  from?: string
  to?: string
}

export function exploredOf(search: Record<string, unknown>): Explored {
  const { series, from, to } = search
  const ids = Array.isArray(series)
    ? series.filter((one): one is number => Number.isSafeInteger(one) && one > 0)
    : []
  const every = EVERY.find((one) => one === search.every && one !== 'auto')
  const figure = FIGURES.find((one) => one === search.of && one !== 'mean')
  const compare = COMPARED.find((one) => one === search.compare)
  const close = isInstant(from) && isInstant(to) && from < to
  return {
    ...askedOf(search),
    ...(ids.length > 0 && { series: [...new Set(ids)].slice(0, APART) }),
    ...(every && { every }),
    ...(figure && { of: figure }),
    ...(compare && { compare }),
    ...(close && { from, to }),
  }
}

function isInstant(text: unknown): text is string {
  return (
    typeof text === 'string' &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  )
}

/** What is shown, but for some of it. */
export function without(explored: Explored, ...names: (keyof Explored)[]): Explored {
  return Object.fromEntries(Object.entries(explored).filter(([name]) => !names.some((one) => one === name)))
}

/** The part looked at closely, or else the whole period. */
export function spanShown({ from, to }: Explored, choice: Choice, now: Date, zone: string): Span {
  if (from !== undefined && to !== undefined) return { start: new Date(from), end: new Date(to) }
  return spanOf(choice, now, zone)
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Lengths of buckets, the shortest first. */
const LENGTHS: [string, number][] = [
  ['1min', MINUTE],
  ['10min', 10 * MINUTE],
  ['30min', 30 * MINUTE],
  ['1h', HOUR],
  ['3h', 3 * HOUR],
  ['6h', 6 * HOUR],
  ['12h', 12 * HOUR],
  ['1d', DAY],
  ['1w', 7 * DAY],
  ['1mo', 30 * DAY],
]

/** Beyond this, measures are too many to be worth showing one by one unless asked. */
const ONE_BY_ONE = 2 * DAY

/** The shortest bucket that still gives no more than a point a pixel; every measure where there is room for them. */
export function resolutionOf(every: Every, { start, end }: Span, width: number): string {
  const length = end.getTime() - start.getTime()
  if (every !== 'auto') return every
  return length <= ONE_BY_ONE ? 'raw' : bucketFor(length, width)
}

/** As `resolutionOf`, in buckets whatever the length. */
export function bucketFor(length: number, width: number): string {
  return LENGTHS.find(([, bucket]) => length / bucket <= width)?.[0] ?? '1mo'
}

/** How many days earlier the other curve is; a year is 52 weeks, so that days of the week meet. */
export function daysEarlier(compare: Compared, { start, end }: Span): number {
  if (compare === 'period') return Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY))
  return compare === 'week' ? 7 : 364
}

/** An instant, some days later by the clock on the wall: a change of clocks in between moves nothing. */
export function daysLater(when: Date, days: number, zone: string): Date {
  const clock = wallOf(zone)
  const later = new Date(when.getTime() + days * DAY)
  return new Date(later.getTime() + clock(when) - clock(later))
}

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
function wallOf(zone: string): (when: Date) => number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return (when) => {
    const second = Math.floor(when.getTime() / 1000) * 1000
    return Date.parse(`${format.format(second).replace(' ', 'T')}Z`) - second
  }
}

/** A span half as long around its middle, or twice. */
export function zoomed({ start, end }: Span, factor: number): Span {
  const [from, to] = [start.getTime(), end.getTime()]
  const [middle, half] = [(from + to) / 2, Math.max(((to - from) / 2) * factor, MINUTE)]
  return { start: new Date(middle - half), end: new Date(middle + half) }
}
