import { bodyOf, client } from '@/api/client'

/** Observations by columns, as the server gives them; `text` is left out when no observation has one. */
export type Columns = {
  series: number[]
  time: string[]
  value: (number | null)[]
  text?: (string | null)[]
  longitude?: (number | null)[]
  latitude?: (number | null)[]
  quality: number[]
  next?: string
}

export type Observation = {
  time: Date
  value: number | null
  text: string | null
  place: { longitude: number; latitude: number } | null
  quality: number
}

/** Figures by buckets: `start`, `end`, and a column for each function asked. */
export type Buckets<F extends string> = { series: number[]; start: string[]; end: string[] } & Record<
  F,
  (number | null)[]
>

export const COLUMNS = 'application/vnd.beffroi.columns+json'

export type Selection = { series: number[] } | { owner: string[] }
/** Half-open. */
export type Span = { start: Date; end: Date }

const PAGE = 50_000

/** The newest observation of each series of a selection. */
export async function latestOf(selection: Selection, signal: AbortSignal): Promise<Columns> {
  const asked = client.GET('/api/v1/observations/latest', {
    params: { query: selection },
    headers: { Accept: COLUMNS },
    signal,
  })
  return bodyOf<unknown>(asked) as Promise<Columns>
}

/** Every observation of a series in `[start, end)`, in the order of time. */
export async function observationsOf(
  series: number,
  span: Span,
  signal: AbortSignal,
): Promise<Observation[]> {
  const read: Observation[] = []
  let after: string | undefined
  do {
    const asked = client.GET('/api/v1/observations', {
      params: { query: { series: [series], ...ofSpan(span), limit: PAGE, ...(after ? { after } : {}) } },
      headers: { Accept: COLUMNS },
      signal,
    })
    const columns = (await bodyOf<unknown>(asked)) as Columns
    read.push(...rowsOf(columns))
    after = columns.next
  } while (after)
  return read
}

/** When a series was last observed before a span, and first observed after it. */
export async function neighboursOf(series: number, { start, end }: Span, signal: AbortSignal) {
  const nearest = async (query: { start: string } | { end: string; order: '-time' }) => {
    const asked = client.GET('/api/v1/observations', {
      params: { query: { series: [series], limit: 1, ...query } },
      headers: { Accept: COLUMNS },
      signal,
    })
    return rowsOf((await bodyOf<unknown>(asked)) as Columns)[0]?.time ?? null
  }
  const [before, after] = await Promise.all([
    nearest({ end: start.toISOString(), order: '-time' }),
    nearest({ start: end.toISOString() }),
  ])
  return { before, after }
}

/** Figures of a series by buckets of the territory's calendar; empty buckets hold null. */
export async function bucketsOf<F extends string>(
  series: number,
  span: Span,
  asked: { every: string; functions: readonly F[]; reject?: number },
  signal: AbortSignal,
): Promise<Buckets<F>> {
  const answered = client.GET('/api/v1/observations/aggregate', {
    params: {
      query: {
        series: [series],
        ...ofSpan(span),
        every: asked.every,
        functions: [...asked.functions],
        fill: 'null',
        reject: asked.reject ?? 0,
      },
    },
    headers: { Accept: COLUMNS },
    signal,
  })
  return (await bodyOf<unknown>(answered)) as Buckets<F>
}

/** The same observations as a CSV file. */
export async function csvOf(series: number, span: Span): Promise<Blob> {
  const asked = client.GET('/api/v1/observations', {
    params: { query: { series: [series], ...ofSpan(span) } },
    headers: { Accept: 'text/csv' },
    parseAs: 'blob',
  })
  return bodyOf<Blob>(asked)
}

function ofSpan({ start, end }: Span) {
  return { start: start.toISOString(), end: end.toISOString() }
}

export function rowsOf(columns: Columns): Observation[] {
  return columns.series.map((_, row) => observationAt(columns, row))
}

export function observationAt(columns: Columns, row: number): Observation {
  const longitude = columns.longitude?.[row] ?? null
  const latitude = columns.latitude?.[row] ?? null
  return {
    time: new Date(columns.time[row] ?? Number.NaN),
    value: columns.value[row] ?? null,
    text: columns.text?.[row] ?? null,
    place: longitude === null || latitude === null ? null : { longitude, latitude },
    quality: columns.quality[row] ?? 0,
  }
}
