import { queryOptions } from '@tanstack/react-query'
import type { Series } from '@/api/schema'
import type { Observation, Span } from '@/observations/columns'
import { drawingOf, withLive, type Drawing } from '@/series/drawing'
import { spanOf, type Choice } from '@/series/period'

const MINUTE = 60_000

/** What is drawn of a series over a span. `live`: the span ends now, and goes on. */
export type Charted = { drawing: Drawing; span: Span; live: boolean }

/** The key of all that is drawn of a series. */
export const chartsOf = (series: Series) => ['drawing', series.id]

export const chartedQuery = (series: Series, choice: Choice, zone: string) =>
  queryOptions({
    queryKey: [...chartsOf(series), choice, zone],
    queryFn: async ({ signal }): Promise<Charted> => {
      const span = spanOf(choice, new Date(), zone)
      const drawing = await drawingOf(series, choice.period, span, signal)
      return { drawing, span, live: choice.until === null }
    },
    refetchInterval: choice.until === null && 5 * MINUTE,
  })

/** `known` once `observations` are heard. */
export function heardIn(known: Charted, observations: Observation[], now: Date): Charted {
  const span = known.live ? { ...known.span, end: now } : known.span
  return { ...known, span, drawing: withLive(known.drawing, span, observations) }
}
