import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import { wholeOf, type Page } from '@/api/queries'
import type { Asset, BecameOf, BulkAsked, DeviceState, ImportReport, Series, Site } from '@/api/schema'

/** What the pages of devices and equipment ask of the server. Lists are also given as files: the client cannot tell. */

const MINUTE = 60_000

export type Which = { device: number } | { asset: number }

export const deviceQuery = (id: number) =>
  queryOptions({
    queryKey: ['devices', 'one', id],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/devices/{id}', { params: { path: { id } }, signal })),
    staleTime: MINUTE,
  })

export const assetQuery = (id: number) =>
  queryOptions({
    queryKey: ['assets', 'one', id],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/assets/{id}', { params: { path: { id } }, signal })),
    staleTime: 5 * MINUTE,
  })

export const siteQuery = (id: number) =>
  queryOptions({
    queryKey: ['sites', id],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/sites/{id}', { params: { path: { id } }, signal })),
    staleTime: 5 * MINUTE,
  })

export const assetKindsQuery = queryOptions({
  queryKey: ['asset-kinds'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/asset-kinds', { signal })),
  staleTime: 60 * MINUTE,
})

export const seriesAboutQuery = (which: Which) =>
  queryOptions({
    queryKey: ['series', 'about', which],
    queryFn: ({ signal }) => {
      const wanted = 'device' in which ? { device: [which.device] } : { asset: [which.asset] }
      return wholeOf(
        (after) =>
          bodyOf<unknown>(
            client.GET('/api/v1/series', { params: { query: { ...wanted, limit: 1000, ...after } }, signal }),
          ) as Promise<Page<Series>>,
      )
    },
    staleTime: MINUTE,
  })

export const healthQuery = (id: number) =>
  queryOptions({
    queryKey: ['devices', 'health', id],
    queryFn: async ({ signal }) => {
      const found = await bodyOf(
        client.GET('/api/v1/devices/health', { params: { query: { id: [id] } }, signal }),
      )
      return found[0] ?? null
    },
    refetchInterval: MINUTE,
  })

export const relationsQuery = (which: Which) =>
  queryOptions({
    queryKey: ['relations', which],
    queryFn: ({ signal }) =>
      'device' in which
        ? bodyOf(
            client.GET('/api/v1/devices/{id}/relations', { params: { path: { id: which.device } }, signal }),
          )
        : bodyOf(
            client.GET('/api/v1/assets/{id}/relations', { params: { path: { id: which.asset } }, signal }),
          ),
    staleTime: MINUTE,
  })

export type Filters = {
  q?: string
  owner?: string
  service?: string
  model?: string
  kind?: 'sensor' | 'actuator' | 'gateway'
  state?: 'speaking' | 'silent' | 'never' | 'low-battery'
}

/** The filters as the server reads them. */
export function asked({ q, owner, service, model, kind, state }: Filters) {
  return {
    ...(q && { q }),
    ...(owner && { owner: [owner] }),
    ...(service && { service: [service] }),
    ...(model && { model: [model] }),
    ...(kind && { kind: [kind] }),
    ...(state && { state: [state] }),
  }
}

const PAGE = 100

export const deviceStatesQuery = (filters: Filters) =>
  infiniteQueryOptions({
    queryKey: ['devices', 'states', filters],
    queryFn: ({ signal, pageParam }) =>
      bodyOf<unknown>(
        client.GET('/api/v1/device-states', {
          params: { query: { ...asked(filters), limit: PAGE, ...(pageParam && { after: pageParam }) } },
          signal,
        }),
      ) as Promise<Page<DeviceState>>,
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  })

export const statesOfAssetQuery = (asset: number) =>
  queryOptions({
    queryKey: ['devices', 'states', 'of', asset],
    queryFn: ({ signal }) =>
      wholeOf(
        (after) =>
          bodyOf<unknown>(
            client.GET('/api/v1/device-states', {
              params: { query: { asset: [asset], limit: 1000, ...after } },
              signal,
            }),
          ) as Promise<Page<DeviceState>>,
      ),
  })

export const stateOfQuery = (id: number) =>
  queryOptions({
    queryKey: ['devices', 'states', 'one', id],
    queryFn: async ({ signal }) => {
      const page = (await bodyOf<unknown>(
        client.GET('/api/v1/device-states', { params: { query: { id: [id] } }, signal }),
      )) as Page<DeviceState>
      return page.items[0] ?? null
    },
    refetchInterval: MINUTE,
  })

export const stateCountsQuery = (filters: Filters) =>
  queryOptions({
    queryKey: ['devices', 'counts', filters],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/device-states/counts', { params: { query: asked(filters) }, signal })),
  })

export async function deviceFile(filters: Filters, media: string): Promise<Blob> {
  return bodyOf<Blob>(
    client.GET('/api/v1/device-states', {
      params: { query: asked(filters) },
      headers: { Accept: media },
      parseAs: 'blob',
    }),
  )
}

export type ManyAsked = Pick<BulkAsked, 'change' | 'move'>

/** Things at once, as many as the server takes in one go. */
const TOGETHER = 500

/** What became of each, or would; `keys`: by which it is undone. */
export async function changeMany(
  subject: BulkAsked['subject'],
  ids: number[],
  asked: ManyAsked,
  dry_run: boolean,
) {
  const items: BecameOf[] = []
  const keys: string[] = []
  for (let first = 0; first < ids.length; first += TOGETHER) {
    const body = { subject, ids: ids.slice(first, first + TOGETHER), ...asked, dry_run }
    const told = await bodyOf(client.POST('/api/v1/bulk-changes', { body }))
    items.push(...told.items)
    if (told.key != null) keys.push(told.key)
  }
  return { items, keys }
}

export async function undoMany(keys: string[]): Promise<BecameOf[]> {
  const items: BecameOf[] = []
  for (const key of keys.toReversed()) {
    const told = await bodyOf(
      client.POST('/api/v1/bulk-changes/{key}/undoing', { params: { path: { key } } }),
    )
    items.push(...told.items)
  }
  return items
}

export const assetsNamed = async (q: string, owner: string | undefined, signal: AbortSignal) => {
  const page = (await bodyOf<unknown>(
    client.GET('/api/v1/assets', {
      params: { query: { q, limit: 20, ...(owner && { owner: [owner] }) } },
      signal,
    }),
  )) as Page<Asset>
  return page.items
}

export const sitesNamed = async (q: string, owner: string | undefined, signal: AbortSignal) => {
  const page = (await bodyOf<unknown>(
    client.GET('/api/v1/sites', {
      params: { query: { q, limit: 20, ...(owner && { owner: [owner] }) } },
      signal,
    }),
  )) as Page<Site>
  return page.items
}

export type AssetFilters = { q?: string; owner?: string; service?: string; kind?: string }

const assetsAsked = ({ q, owner, service, kind }: AssetFilters) => ({
  ...(q && { q }),
  ...(owner && { owner: [owner] }),
  ...(service && { service: [service] }),
  ...(kind && { kind: [kind] }),
})

export const assetsQuery = (filters: AssetFilters) =>
  infiniteQueryOptions({
    queryKey: ['assets', 'listed', filters],
    queryFn: async ({ signal, pageParam }) => {
      const query = { ...assetsAsked(filters), ...(pageParam && { after: pageParam }), limit: PAGE }
      return (await bodyOf<unknown>(
        client.GET('/api/v1/assets', { params: { query }, signal }),
      )) as Page<Asset>
    },
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
  })

export const assetCountQuery = (filters: AssetFilters) =>
  queryOptions({
    queryKey: ['assets', 'counted', filters],
    queryFn: async ({ signal }) => {
      const query = assetsAsked(filters)
      return (await bodyOf(client.GET('/api/v1/assets/count', { params: { query }, signal }))).count
    },
  })

export type ImportOptions = { owner?: string; dry_run?: boolean; skip_bad?: boolean; update?: boolean }

export const importDevices = (file: File, query: ImportOptions): Promise<ImportReport> =>
  bodyOf(
    client.POST('/api/v1/imports/{noun}', {
      params: { path: { noun: 'devices' }, query },
      headers: { 'Content-Type': file.name.toLowerCase().endsWith('.xlsx') ? XLSX : 'text/csv' },
      body: file as unknown as string,
      bodySerializer: (body: unknown) => body as BodyInit,
    }),
  )

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/** The devices one sees, as a file that is taken back by an import. */
export async function registryFile(media: string): Promise<Blob> {
  return bodyOf<Blob>(client.GET('/api/v1/devices', { headers: { Accept: media }, parseAs: 'blob' }))
}
