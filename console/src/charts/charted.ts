import { queryOptions, type QueryClient } from '@tanstack/react-query'
import type { Series } from '@/api/schema'
import { observationAt, type Columns, type Observation, type Span } from '@/observations/columns'
import { drawingOf, withLive, type Drawing } from '@/charts/drawing'
import { spanOf, type Choice } from '@/charts/period'

const MINUTE = 60_000

/** What is drawn of a series over a span. `live`: the span ends now, and goes on. */
export type Charted = { drawing: Drawing; span: Span; live: boolean }

/** The key of all that is drawn of a series. */
export const chartsOf = (series: Pick<Series, 'id'>) => ['drawing', series.id]

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

/** Brings what was just heard, of any series, into all that is drawn. */
export function drawHeard(queries: QueryClient, columns: Columns, now: Date): void {
  const rows = Object.groupBy(
    columns.series.map((id, row) => ({ id, observation: observationAt(columns, row) })),
    ({ id }) => id,
  )
  for (const [id, heard = []] of Object.entries(rows)) {
    const observations = heard.map((one) => one.observation)
    queries.setQueriesData<Charted>(
      { queryKey: chartsOf({ id: Number(id) }) },
      (known) => known && heardIn(known, observations, now),
    )
  }
}
