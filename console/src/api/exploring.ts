import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import type { Page } from '@/api/queries'
import type { Series } from '@/api/schema'

export type Sought = { q?: string; owner?: string; service?: string; observed_property?: string }

export const FOUND = 30

/** The first series that answer a search. */
export const soughtQuery = ({ q, owner, service, observed_property: property }: Sought) =>
  queryOptions({
    queryKey: ['series', 'sought', { q, owner, service, property }],
    queryFn: ({ signal }) =>
      bodyOf<unknown>(
        client.GET('/api/v1/series', {
          params: {
            query: {
              limit: FOUND,
              ...(q && { q }),
              ...(owner && { owner: [owner] }),
              ...(service && { service: [service] }),
              ...(property && { observed_property: [property] }),
            },
          },
          signal,
        }),
      ) as Promise<Page<Series>>,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

/** The series of these ids, in their order; those that one may not see are left out. */
export const seriesQuery = (ids: number[]) =>
  queryOptions({
    queryKey: ['series', 'these', ids],
    queryFn: async ({ signal }) => {
      if (ids.length === 0) return []
      const query = { series: ids, limit: 1000 }
      const page = (await bodyOf<unknown>(
        client.GET('/api/v1/series', { params: { query }, signal }),
      )) as Page<Series>
      return ids.flatMap((id) => page.items.find((one) => one.id === id) ?? [])
    },
    staleTime: 5 * 60_000,
    placeholderData: keepPreviousData,
  })

type Part = { series: number[]; start: string; end: string }

export const measuresFile = (part: Part, media: string): Promise<Blob> =>
  bodyOf<Blob>(
    client.GET('/api/v1/observations', {
      params: { query: part },
      headers: { Accept: media },
      parseAs: 'blob',
    }),
  )

export const figuresFile = (
  part: Part & { every: string; functions: string[] },
  media: string,
): Promise<Blob> =>
  bodyOf<Blob>(
    client.GET('/api/v1/observations/aggregate', {
      params: { query: part },
      headers: { Accept: media },
      parseAs: 'blob',
    }),
  )
