import { queryOptions } from '@tanstack/react-query'
import type { Series } from '@/api/schema'
import { dayOf, midnightOf, type Day } from '@/charts/period'
import { bucketsOf } from '@/observations/columns'
import { DOUBTFUL } from '@/observations/quality'

/** A day of a series: its mean, or its growth for a counter; null where nothing was measured. */
export type DayFigure = {
  day: Day
  value: number | null
  min: number | null
  max: number | null
  count: number
  doubtful: number
}

/** Where a day stands: weeks are columns, Mondays on top. */
export type Cell = { day: Day; week: number; weekday: number }

const DAY = 86_400_000

export const isCounter = (series: Pick<Series, 'value_kind'>) => series.value_kind === 'counter'

export const yearQuery = (series: Series, year: number, zone: string) =>
  queryOptions({
    queryKey: ['calendar', series.id, year, zone],
    queryFn: async ({ signal }): Promise<Map<Day, DayFigure>> => {
      const span = { start: midnightOf(`${year}-01-01`, zone), end: midnightOf(`${year + 1}-01-01`, zone) }
      const functions = ['mean', 'min', 'max', 'delta', 'count'] as const
      const asked = isCounter(series) ? functions : functions.filter((one) => one !== 'delta')
      const [all, trusted] = await Promise.all([
        bucketsOf<(typeof functions)[number]>(series.id, span, { every: '1d', functions: asked }, signal),
        bucketsOf(series.id, span, { every: '1d', functions: ['count'], reject: DOUBTFUL }, signal),
      ])
      const trustedAt = new Map(trusted.start.map((start, row) => [start, trusted.count[row] ?? 0]))
      const counter = isCounter(series)
      const figures = all.start.map((start, row): DayFigure => {
        const count = all.count[row] ?? 0
        return {
          day: dayOf(new Date(start), zone),
          value: (counter ? all.delta[row] : all.mean[row]) ?? null,
          min: counter ? null : (all.min[row] ?? null),
          max: counter ? null : (all.max[row] ?? null),
          count,
          doubtful: count - (trustedAt.get(start) ?? 0),
        }
      })
      return new Map(figures.map((figure) => [figure.day, figure]))
    },
    staleTime: 60_000,
  })

/** Every day of a year, in its place. */
export function cellsOf(year: number): Cell[] {
  const first = Date.UTC(year, 0, 1)
  const offset = (new Date(first).getUTCDay() + 6) % 7
  const length = (Date.UTC(year + 1, 0, 1) - first) / DAY
  return Array.from({ length }, (_, place) => ({
    day: new Date(first + place * DAY).toISOString().slice(0, 10) as Day,
    week: Math.floor((place + offset) / 7),
    weekday: (place + offset) % 7,
  }))
}

export const STEPS = 5

/** What bounds the steps of the scale: as many days in each, so that one odd day does not make all others alike. */
export function boundsOf(figures: Iterable<DayFigure>): number[] {
  const values = [...figures].flatMap(({ value }) => value ?? []).sort((one, other) => one - other)
  if (values.length === 0) return []
  const bound = (step: number) => values[Math.floor((step * values.length) / STEPS)] ?? 0
  return Array.from({ length: STEPS - 1 }, (_, step) => bound(step + 1))
}

/** The step of a value, 1 to `STEPS`. */
export const stepOf = (value: number, bounds: number[]): number =>
  1 + bounds.filter((bound) => value >= bound).length
