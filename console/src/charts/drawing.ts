import type { Series } from '@/api/schema'
import { bucketsOf, observationsOf, type Observation, type Span } from '@/observations/columns'
import { DOUBTFUL, isDoubtful } from '@/observations/quality'
import type { Period } from '@/charts/period'

/** `measures`: each observation. `range`: mean, minimum and maximum of buckets. `delta`: growth of a counter by bucket. */
export type Shape = 'measures' | 'range' | 'delta'

export type Row = {
  start: Date
  /** of the bucket; a measure is an instant */
  end: Date | null
  /** the measure, mean or growth; null where there is none */
  value: number | null
  min: number | null
  max: number | null
  /** how many observations are not to be trusted without a look */
  doubtful: number
  observation: Observation | null
}

export type Drawing = { shape: Shape; rows: Row[] }

const HOUR = 3_600_000

/** How long the buckets of a period are, on the territory's calendar. */
export const bucketOf = (period: Period) => (period === 'day' || period === 'week' ? 'hour' : 'day')

/** Numbers are averaged beyond a day and counters always subtracted; what cannot be is shown measure by measure. */
export function shapeOf(series: Pick<Series, 'value_kind'>, period: Period): Shape {
  if (series.value_kind === 'counter') return 'delta'
  return series.value_kind === 'number' && period !== 'day' ? 'range' : 'measures'
}

export async function drawingOf(
  series: Series,
  period: Period,
  span: Span,
  signal: AbortSignal,
): Promise<Drawing> {
  const shape = shapeOf(series, period)
  if (shape === 'measures') {
    return { shape, rows: (await observationsOf(series.id, span, signal)).map(rowOf) }
  }
  const every = { hour: '1h', day: '1d' }[bucketOf(period)]
  const functions =
    shape === 'delta' ? (['delta', 'count'] as const) : (['mean', 'min', 'max', 'count'] as const)
  const [all, trusted] = await Promise.all([
    bucketsOf<'mean' | 'min' | 'max' | 'delta' | 'count'>(series.id, span, { every, functions }, signal),
    bucketsOf(series.id, span, { every, functions: ['count'], reject: DOUBTFUL }, signal),
  ])
  const trustedAt = new Map(trusted.start.map((start, row) => [start, trusted.count[row] ?? 0]))
  const values = shape === 'delta' ? all.delta : all.mean
  const rows = all.start.map((start, row) => ({
    start: new Date(start),
    end: new Date(all.end[row] ?? start),
    value: values[row] ?? null,
    min: shape === 'delta' ? null : (all.min[row] ?? null),
    max: shape === 'delta' ? null : (all.max[row] ?? null),
    doubtful: (all.count[row] ?? 0) - (trustedAt.get(start) ?? 0),
    observation: null,
  }))
  return { shape, rows }
}

export function rowOf(observation: Observation): Row {
  return {
    start: observation.time,
    end: null,
    value: observation.value,
    min: null,
    max: null,
    doubtful: isDoubtful(observation.quality) ? 1 : 0,
    observation,
  }
}

/** `drawing` of a span with what has just been observed in it, in its place; buckets wait for the next reading. */
export function withLive(drawing: Drawing, { start, end }: Span, observed: Observation[]): Drawing {
  const observations = observed.filter(({ time }) => time >= start && time < end)
  if (drawing.shape !== 'measures' || observations.length === 0) return drawing
  const rows = new Map(drawing.rows.map((row) => [row.start.getTime(), row]))
  for (const observation of observations) rows.set(observation.time.getTime(), rowOf(observation))
  return {
    ...drawing,
    rows: [...rows.values()].sort((one, other) => one.start.getTime() - other.start.getTime()),
  }
}

const GAP = 3

/** How far apart measures usually are, in milliseconds: the median step. */
export function usualStep(rows: Row[]): number {
  const steps = rows
    .slice(1)
    .map((row, index) => row.start.getTime() - (rows[index]?.start.getTime() ?? 0))
    .sort((one, other) => one - other)
  return steps[Math.floor(steps.length / 2)] ?? HOUR
}

/** The rows with an empty one in each gap: where measures are more than three usual steps apart, the line must break. */
export function withGaps(drawing: Drawing): Row[] {
  if (drawing.shape !== 'measures') return drawing.rows
  const step = usualStep(drawing.rows)
  const empty = { end: null, value: null, min: null, max: null, doubtful: 0, observation: null }
  return drawing.rows.flatMap((row, index) => {
    const before = drawing.rows[index - 1]
    const gap = before !== undefined && row.start.getTime() - before.start.getTime() > GAP * step
    return gap ? [{ ...empty, start: new Date(before.start.getTime() + step) }, row] : [row]
  })
}
