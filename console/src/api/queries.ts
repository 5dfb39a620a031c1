import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import type { Asset, Collectivity, Connection, Device, DeviceModel, Downlink, Series } from '@/api/schema'

/** What the console asks of the server, each under the key that names it in the cache. */

const MINUTE = 60_000

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/session', { signal })),
  staleTime: 5 * MINUTE,
})

export const structureQuery = queryOptions({
  queryKey: ['structure'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/structure', { signal })),
  staleTime: 60 * MINUTE,
})

export const territoryQuery = queryOptions({
  queryKey: ['territory'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/territory', { signal })),
  staleTime: MINUTE,
  refetchInterval: MINUTE,
})

export const collectivitiesQuery = queryOptions({
  queryKey: ['collectivities'],
  queryFn: ({ signal }) =>
    wholeOf<Collectivity>((after) =>
      bodyOf(client.GET('/api/v1/collectivities', { params: { query: { limit: 1000, ...after } }, signal })),
    ),
  staleTime: 10 * MINUTE,
})

export const collectivityQuery = (key: string) =>
  queryOptions({
    queryKey: ['collectivity', key],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/collectivities/{key}', { params: { path: { key } }, signal })),
    staleTime: 10 * MINUTE,
  })

/** Its services in figures, and what needs attention. */
export const collectivityNowQuery = (key: string) =>
  queryOptions({
    queryKey: ['collectivity', key, 'now'],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/collectivities/{key}/overview', { params: { path: { key } }, signal })),
    staleTime: MINUTE,
    refetchInterval: MINUTE,
  })

export const seriesOfQuery = (owner: string) =>
  queryOptions({
    queryKey: ['series', 'of', owner],
    queryFn: ({ signal }) =>
      // The list is also given as a table: the client cannot tell which the answer is.
      wholeOf(
        (after) =>
          bodyOf<unknown>(
            client.GET('/api/v1/series', {
              params: { query: { owner: [owner], limit: 1000, ...after } },
              signal,
            }),
          ) as Promise<Page<Series>>,
      ),
    staleTime: 5 * MINUTE,
  })

export const oneSeriesQuery = (id: number) =>
  queryOptions({
    queryKey: ['series', id],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/series/{id}', { params: { path: { id } }, signal })),
    staleTime: 5 * MINUTE,
  })

export const servicesQuery = queryOptions({
  queryKey: ['services'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/services', { signal })),
  staleTime: 60 * MINUTE,
})

export const observedPropertiesQuery = queryOptions({
  queryKey: ['observed-properties'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/observed-properties', { signal })),
  staleTime: 60 * MINUTE,
})

export const modelsQuery = queryOptions({
  queryKey: ['device-models'],
  queryFn: ({ signal }) =>
    // Also given as a table.
    wholeOf(
      (after) =>
        bodyOf<unknown>(
          client.GET('/api/v1/device-models', { params: { query: { limit: 1000, ...after } }, signal }),
        ) as Promise<Page<DeviceModel>>,
    ),
  staleTime: MINUTE,
})

export const modelQuery = (code: string) =>
  queryOptions({
    queryKey: ['device-models', code],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/device-models/{code}', { params: { path: { code } }, signal })),
    staleTime: MINUTE,
  })

export const channelsQuery = (code: string) =>
  queryOptions({
    queryKey: ['device-models', code, 'channels'],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/device-models/{code}/channels', { params: { path: { code } }, signal })),
  })

export const connectionKindsQuery = queryOptions({
  queryKey: ['connections', 'kinds'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/connections/kinds', { signal })),
  staleTime: 60 * MINUTE,
})

export const connectionsQuery = queryOptions({
  queryKey: ['connections', 'all'],
  queryFn: ({ signal }) =>
    wholeOf<Connection>((after) =>
      bodyOf(client.GET('/api/v1/connections', { params: { query: { limit: 1000, ...after } }, signal })),
    ),
})

export const connectionQuery = (key: string) =>
  queryOptions({
    queryKey: ['connections', 'one', key],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/connections/{key}', { params: { path: { key } }, signal })),
  })

export const activityQuery = queryOptions({
  queryKey: ['connections', 'activity'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/connections/activity', { signal })),
  refetchInterval: 10_000,
})

/** Asked again every two seconds while the page is seen; a failure is said at once. */
export const lastMessagesQuery = (key: string) =>
  queryOptions({
    queryKey: ['connections', 'messages', key],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/connections/{key}/messages', { params: { path: { key } }, signal })),
    refetchInterval: 2_000,
    networkMode: 'always',
    retry: false,
  })

export const heldGroupsQuery = queryOptions({
  queryKey: ['held-messages', 'groups'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/held-messages/groups', { signal })),
  refetchInterval: 10_000,
})

/** A message of a model that waits, if any. */
export const heldExampleQuery = (model: string) =>
  queryOptions({
    queryKey: ['held-messages', 'of', model],
    queryFn: async ({ signal }) => {
      const page = await bodyOf(
        client.GET('/api/v1/held-messages', {
          params: { query: { model, state: 'waiting', limit: 1 } },
          signal,
        }),
      )
      return page.items[0] ?? null
    },
  })

export const claimsQuery = queryOptions({
  queryKey: ['claims'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/claims', { signal })),
  refetchInterval: 30_000,
})

/** The last ones of a device, asked again while the page is seen: networks answer within seconds. */
export const downlinksQuery = (device: number) =>
  queryOptions({
    queryKey: ['downlinks', 'of', device],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/devices/{id}/downlinks', { params: { path: { id: device } }, signal })),
    refetchInterval: 3_000,
  })

export const awaitingDownlinksQuery = queryOptions({
  queryKey: ['downlinks', 'awaiting'],
  queryFn: ({ signal }) =>
    wholeOf<Downlink>((after) =>
      bodyOf(
        client.GET('/api/v1/downlinks', {
          params: { query: { state: 'awaiting-approval', limit: 1000, ...after } },
          signal,
        }),
      ),
    ),
  refetchInterval: 10_000,
})

// The map

export const backgroundQuery = queryOptions({
  queryKey: ['map', 'background'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/map/background', { signal })),
  staleTime: 60 * MINUTE,
})

export const boundariesQuery = queryOptions({
  queryKey: ['map', 'boundaries'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/map/boundaries', { signal })),
  staleTime: 60 * MINUTE,
})

export const mapOverviewQuery = queryOptions({
  queryKey: ['map', 'overview'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/map/overview', { signal })),
  staleTime: MINUTE,
  refetchInterval: 5 * MINUTE,
})

export const measuresQuery = (property: string) =>
  queryOptions({
    queryKey: ['map', 'measures', property],
    queryFn: async ({ signal }) => {
      const asked = { params: { query: { observed_property: property } }, signal }
      return (await bodyOf(client.GET('/api/v1/map/measures', asked))).items
    },
    staleTime: MINUTE,
    refetchInterval: 5 * MINUTE,
  })

export const seriesOfAssetQuery = (asset: number) =>
  queryOptions({
    queryKey: ['series', 'of asset', asset],
    queryFn: async ({ signal }) => {
      const asked = client.GET('/api/v1/series', { params: { query: { asset: [asset], limit: 50 } }, signal })
      return ((await bodyOf<unknown>(asked)) as Page<Series>).items
    },
    staleTime: 5 * MINUTE,
  })

// What a text finds

type Things = { assets: Asset; devices: Device; series: Series }

export const foundThingsQuery = <N extends keyof Things>(noun: N, text: string) =>
  queryOptions({
    queryKey: ['found', noun, text],
    queryFn: async ({ signal }): Promise<Things[N][]> => {
      const params = { query: { q: text, limit: 6 } }
      const asked = client.GET(`/api/v1/${noun as 'assets'}`, { params, signal })
      return ((await bodyOf<unknown>(asked)) as Page<Things[N]>).items
    },
    staleTime: MINUTE,
  })

export const foundAddressesQuery = (text: string) =>
  queryOptions({
    queryKey: ['found', 'addresses', text],
    queryFn: async ({ signal }) => {
      const asked = { params: { query: { q: text } }, signal }
      return (await bodyOf(client.GET('/api/v1/map/addresses', asked))).items
    },
    staleTime: 10 * MINUTE,
    retry: false,
  })

export type Page<T> = { items: T[]; next?: string | null }

/** A list that comes by pages, whole. */
export async function wholeOf<T>(page: (after: { after?: string }) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let next: string | null | undefined
  do {
    const part = await page(next ? { after: next } : {})
    items.push(...part.items)
    next = part.next
  } while (next)
  return items
}
