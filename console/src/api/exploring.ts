import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { bodyOf, client, statusOf } from '@/api/client'
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
      const found = await Promise.all(
        ids.map((id) =>
          bodyOf(client.GET('/api/v1/series/{id}', { params: { path: { id } }, signal })).catch(
            (error: unknown) => {
              if (statusOf(error) === 404) return null
              throw error
            },
          ),
        ),
      )
      return found.filter((one): one is Series => one !== null)
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
