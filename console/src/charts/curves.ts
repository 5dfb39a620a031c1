import { queryOptions } from '@tanstack/react-query'
import type { Series } from '@/api/schema'
import { rowOf, usualStep, type Row } from '@/charts/drawing'
import { observationAt, type Buckets, type Span } from '@/observations/columns'
import { DOUBTFUL } from '@/observations/quality'
import { bucketFor, daysLater, type Figure } from '@/charts/resolution'
import { bucketsFrom, observationsFrom, type Source } from '@/observations/source'

/** What must be known of a series to draw it. */
export type Described = Pick<Series, 'id' | 'name' | 'unit' | 'value_kind' | 'observed_property'>

/** What is drawn of a series over a span; `earlier`: by how many days it was brought forward, 0 for the span itself. */
export type Curve = { series: Described; earlier: number; rows: Row[] }

/** `resolution`: that in which it was read, `raw` or the length of a bucket. */
export type Drawn = { curves: Curve[]; resolution: string; span: Span }

export type Wanted = {
  series: Described[]
  span: Span
  resolution: string
  figure: Figure
  earlier: number
  width: number
  zone: string
  source: Source
}

/** Measures shown one by one at the most, of all curves together. */
const MOST = 100_000
const PAGE = 50_000

/** `wanted.span` ends now when it moves: the key is `moving`, and not each of its instants. */
export const curvesQuery = (wanted: Wanted, key: unknown) =>
  queryOptions({
    queryKey: [
      'explored',
      wanted.source,
      wanted.series.map((one) => one.id),
      key,
      wanted.resolution,
      wanted.figure,
      wanted.earlier,
    ],
    queryFn: ({ signal }) => drawnOf(wanted, signal),
    staleTime: 30_000,
  })

async function drawnOf(wanted: Wanted, signal: AbortSignal): Promise<Drawn> {
  const { span, earlier, zone } = wanted
  const before = { start: daysLater(span.start, -earlier, zone), end: daysLater(span.end, -earlier, zone) }
  const spans =
    earlier === 0
      ? [{ span, earlier }]
      : [
          { span, earlier: 0 },
          { span: before, earlier },
        ]
  let { resolution } = wanted
  if (resolution === 'raw') {
    const read = await Promise.all(
      spans.map((one) => measuresOf(wanted.source, wanted.series, one.span, signal)),
    )
    const whole = read.every((one) => one !== null)
    if (whole)
      return {
        span,
        resolution,
        curves: read.flatMap((rows, place) => curvesWith(rows, spans[place]?.earlier ?? 0)),
      }
    resolution = bucketFor(span.end.getTime() - span.start.getTime(), wanted.width)
  }
  const every = resolution
  const read = await Promise.all(
    spans.map((one) => figuresOf({ ...wanted, span: one.span, resolution: every }, signal)),
  )
  return {
    span,
    resolution,
    curves: read.flatMap((rows, place) => curvesWith(rows, spans[place]?.earlier ?? 0)),
  }

  function curvesWith(rows: ReadonlyMap<number, Row[]>, by: number): Curve[] {
    return wanted.series.map((series) => {
      const own = rows.get(series.id) ?? []
      return { series, earlier: by, rows: by === 0 ? own : own.map((row) => forward(row, by, zone)) }
    })
  }
}

function forward(row: Row, days: number, zone: string): Row {
  return { ...row, start: daysLater(row.start, days, zone), end: row.end && daysLater(row.end, days, zone) }
}

/** Every measure of some series, by series; null when they are too many. */
async function measuresOf(
  source: Source,
  series: Described[],
  span: Span,
  signal: AbortSignal,
): Promise<Map<number, Row[]> | null> {
  const rows = new Map<number, Row[]>()
  let after: string | undefined
  let read = 0
  do {
    const query = {
      series: series.map((one) => one.id),
      start: span.start.toISOString(),
      end: span.end.toISOString(),
      limit: PAGE,
      ...(after && { after }),
    }
    const columns = await observationsFrom(source, query, signal)
    for (const [place, id] of columns.series.entries()) {
      const known = rows.get(id)
      const row = rowOf(observationAt(columns, place))
      if (known) known.push(row)
      else rows.set(id, [row])
    }
    read += columns.series.length
    after = columns.next
    if (after && read >= MOST) return null
  } while (after)
  return rows
}

/** Figures of some series by buckets, with what of them is doubtful: counters by their growth, others as asked. */
async function figuresOf(wanted: Wanted, signal: AbortSignal): Promise<Map<number, Row[]>> {
  const [counters, others] = [
    wanted.series.filter((one) => one.value_kind === 'counter'),
    wanted.series.filter((one) => one.value_kind !== 'counter'),
  ]
  const parts = await Promise.all([
    counters.length > 0 ? bucketed(counters, wanted, ['delta', 'count'], 'delta', signal) : [],
    others.length > 0
      ? bucketed(
          others,
          wanted,
          [...new Set([wanted.figure, 'min', 'max', 'count'] as const)],
          wanted.figure,
          signal,
        )
      : [],
  ])
  return new Map(parts.flat())
}

type Function = Figure | 'delta' | 'count'

async function bucketed(
  series: Described[],
  { span, resolution, source }: Wanted,
  functions: Function[],
  main: Function,
  signal: AbortSignal,
): Promise<[number, Row[]][]> {
  const asked = (of: Function[], reject: number) =>
    bucketsFrom<Function>(
      source,
      {
        series: series.map((one) => one.id),
        start: span.start.toISOString(),
        end: span.end.toISOString(),
        every: resolution,
        functions: of,
        reject,
      },
      signal,
    )
  const [all, trusted] = await Promise.all([asked(functions, 0), asked(['count'], DOUBTFUL)])
  const keyOf = (of: Buckets<Function>, row: number) => `${of.series[row]} ${of.start[row]}`
  const trustedAt = new Map(trusted.start.map((_, row) => [keyOf(trusted, row), trusted.count[row] ?? 0]))
  const rows = new Map<number, Row[]>(series.map((one) => [one.id, []]))
  for (const [row, id] of all.series.entries()) {
    rows.get(id)?.push({
      start: new Date(all.start[row] ?? 0),
      end: new Date(all.end[row] ?? 0),
      value: all[main][row] ?? null,
      min: main === 'mean' ? (all.min[row] ?? null) : null,
      max: main === 'mean' ? (all.max[row] ?? null) : null,
      doubtful: (all.count[row] ?? 0) - (trustedAt.get(keyOf(all, row)) ?? 0),
      observation: null,
    })
  }
  return [...rows]
}

const GAP = 3

/** The rows with an empty one in each gap: where they are more than three usual steps apart, the line must break. */
export function broken(rows: Row[]): Row[] {
  const step = usualStep(rows)
  return rows.flatMap((row, place) => {
    const before = rows[place - 1]
    if (!before || row.start.getTime() - before.start.getTime() <= GAP * step) return [row]
    const start = new Date(before.start.getTime() + step)
    return [
      { ...row, start, end: null, value: null, min: null, max: null, doubtful: 0, observation: null },
      row,
    ]
  })
}

/** Where a row is drawn, in seconds: a bucket at its middle, unless it tells a growth. */
export function positionOf({ start, end }: Row, counter: boolean): number {
  const from = start.getTime() / 1000
  return end === null || counter ? from : (from + end.getTime() / 1000) / 2
}

/** The row of a curve that is nearest to an instant, if one is near: within a step and a half. */
export function nearest(rows: Row[], seconds: number, counter: boolean, step = usualStep(rows)): Row | null {
  let [low, high] = [0, rows.length - 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = rows[middle]
    if (row && positionOf(row, counter) < seconds) low = middle + 1
    else high = middle
  }
  const found = [rows[low - 1], rows[low]]
    .filter((row) => row !== undefined)
    .map((row) => [row, Math.abs(positionOf(row, counter) - seconds)] as const)
    .sort(([, one], [, other]) => one - other)[0]
  if (!found) return null
  const [row, away] = found
  return away <= (1.5 * step) / 1000 ? row : null
}
