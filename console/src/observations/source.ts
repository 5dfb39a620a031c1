import { bodyOf, client } from '@/api/client'
import { COLUMNS, type Buckets, type Columns } from '@/observations/columns'

/** Whence observations are read: by one's own rights, or as the public of a dashboard, by the end of its address. */
export type Source = { link: string } | null

type Range = { series: number[]; start: string; end: string }
type Paged = Range & { limit: number; after?: string }
type Bucketed = Range & { every: string; functions: string[]; reject: number }

const headers = { Accept: COLUMNS }

export async function observationsFrom(source: Source, query: Paged, signal: AbortSignal): Promise<Columns> {
  const answered =
    source === null
      ? client.GET('/api/v1/observations', { params: { query }, headers, signal })
      : client.GET('/api/v1/shown/{link}/observations', { params: { path: source, query }, headers, signal })
  return (await bodyOf<unknown>(answered)) as Columns
}

export async function bucketsFrom<F extends string>(
  source: Source,
  query: Bucketed,
  signal: AbortSignal,
): Promise<Buckets<F>> {
  const answered =
    source === null
      ? client.GET('/api/v1/observations/aggregate', { params: { query }, headers, signal })
      : client.GET('/api/v1/shown/{link}/observations/aggregate', {
          params: { path: source, query },
          headers,
          signal,
        })
  return (await bodyOf<unknown>(answered)) as Buckets<F>
}

export async function latestFrom(source: Source, series: number[], signal: AbortSignal): Promise<Columns> {
  const query = { series }
  const answered =
    source === null
      ? client.GET('/api/v1/observations/latest', { params: { query }, headers, signal })
      : client.GET('/api/v1/shown/{link}/observations/latest', {
          params: { path: source, query },
          headers,
          signal,
        })
  return (await bodyOf<unknown>(answered)) as Columns
}
