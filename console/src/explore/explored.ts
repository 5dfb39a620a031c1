import { APART } from '@/charts/plot'
import { EVERY, FIGURES, type Every, type Figure } from '@/charts/resolution'
import { askedOf, spanOf, type Asked, type Choice } from '@/charts/period'
import type { Span } from '@/observations/columns'

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
const DAY = 1_440 * MINUTE

/** How many days earlier the other curve is; a year is 52 weeks, so that days of the week meet. */
export function daysEarlier(compare: Compared, { start, end }: Span): number {
  if (compare === 'period') return Math.max(1, Math.round((end.getTime() - start.getTime()) / DAY))
  return compare === 'week' ? 7 : 364
}

/** A span half as long around its middle, or twice. */
export function zoomed({ start, end }: Span, factor: number): Span {
  const [from, to] = [start.getTime(), end.getTime()]
  const [middle, half] = [(from + to) / 2, Math.max(((to - from) / 2) * factor, MINUTE)]
  return { start: new Date(middle - half), end: new Date(middle + half) }
}
