import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import { wholeOf, type Page } from '@/api/queries'
import type { Card, Dashboard, DashboardChange, NewDashboard, Series } from '@/api/schema'

const MINUTE = 60_000

export const dashboardsQuery = queryOptions({
  queryKey: ['dashboards', 'all'],
  queryFn: ({ signal }) =>
    wholeOf<Dashboard>((after) =>
      bodyOf(client.GET('/api/v1/dashboards', { params: { query: { limit: 1000, ...after } }, signal })),
    ),
  staleTime: MINUTE,
})

export const dashboardQuery = (key: string) =>
  queryOptions({
    queryKey: ['dashboards', 'one', key],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/dashboards/{key}', { params: { path: { key } }, signal })),
    staleTime: MINUTE,
  })

export const shownQuery = (link: string) =>
  queryOptions({
    queryKey: ['shown', link],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/shown/{link}', { params: { path: { link } }, signal })),
    staleTime: 5 * MINUTE,
    retry: false,
  })

/** The first series of a collectivité that observe a property: as many as are told apart. */
export const seriesObservingQuery = (property: string, owner: string) =>
  queryOptions({
    queryKey: ['series', 'observing', property, owner],
    queryFn: async ({ signal }) => {
      const query = { observed_property: [property], owner: [owner], limit: 8 }
      const page = (await bodyOf<unknown>(
        client.GET('/api/v1/series', { params: { query }, signal }),
      )) as Page<Series>
      return page.items
    },
    staleTime: 5 * MINUTE,
  })

export const makeDashboard = (body: NewDashboard) => bodyOf(client.POST('/api/v1/dashboards', { body }))

export const changeDashboard = (key: string, body: DashboardChange) =>
  bodyOf(client.PUT('/api/v1/dashboards/{key}', { params: { path: { key } }, body }))

/** Reads it anew and changes its cards: what others changed meanwhile stays. */
export async function changeCards(key: string, change: (cards: Card[]) => Card[]): Promise<Dashboard> {
  const known = await bodyOf(client.GET('/api/v1/dashboards/{key}', { params: { path: { key } } }))
  return changeDashboard(key, { name: known.name, cards: change(known.cards) })
}

export const removeDashboard = (key: string) =>
  bodyOf(client.DELETE('/api/v1/dashboards/{key}', { params: { path: { key } } }))

export const publishDashboard = (key: string) =>
  bodyOf(client.POST('/api/v1/dashboards/{key}/publication', { params: { path: { key } } }))

export const withdrawDashboard = (key: string) =>
  bodyOf(client.DELETE('/api/v1/dashboards/{key}/publication', { params: { path: { key } } }))
