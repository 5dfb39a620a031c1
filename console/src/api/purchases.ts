import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import { XLSX } from '@/api/devices'
import type {
  Allotment,
  CatalogueLine,
  Delivered,
  Fact,
  FactsChange,
  Forecast,
  ImportReport,
  LotsAnalysis,
  NewAward,
  NewMarks,
  NewPurchaseNeed,
  NewSupplierOffer,
  NewPurchase,
  Purchase,
} from '@/api/schema'

/** Buying together, as the console asks it of the server. Amounts come as decimals in texts. */

const MINUTE = 60_000

export const purchasesQuery = queryOptions({
  queryKey: ['pooling', 'purchases'],
  queryFn: async ({ signal }): Promise<Purchase[]> =>
    (await bodyOf(client.GET('/api/v1/pooling/purchases', { signal }))).items,
  staleTime: MINUTE,
})

export const purchaseQuery = (key: string) =>
  queryOptions({
    queryKey: ['pooling', 'purchase', key],
    queryFn: ({ signal }): Promise<Purchase> =>
      bodyOf(client.GET('/api/v1/pooling/purchases/{key}', { params: { path: { key } }, signal })),
    staleTime: MINUTE,
  })

export const allotmentQuery = (key: string) =>
  queryOptions({
    queryKey: ['pooling', 'allotment', key],
    queryFn: ({ signal }): Promise<Allotment> =>
      bodyOf(client.GET('/api/v1/pooling/purchases/{key}/allotment', { params: { path: { key } }, signal })),
    staleTime: MINUTE,
  })

export const analysisQuery = (key: string) =>
  queryOptions({
    queryKey: ['pooling', 'analysis', key],
    queryFn: ({ signal }): Promise<LotsAnalysis> =>
      bodyOf(client.GET('/api/v1/pooling/purchases/{key}/analysis', { params: { path: { key } }, signal })),
    staleTime: MINUTE,
  })

export const deliveriesQuery = (key: string) =>
  queryOptions({
    queryKey: ['pooling', 'deliveries', key],
    queryFn: async ({ signal }): Promise<Delivered[]> =>
      (
        await bodyOf(
          client.GET('/api/v1/pooling/purchases/{key}/deliveries', { params: { path: { key } }, signal }),
        )
      ).items,
    staleTime: MINUTE,
  })

export const catalogueQuery = queryOptions({
  queryKey: ['pooling', 'models'],
  queryFn: async ({ signal }): Promise<CatalogueLine[]> =>
    (await bodyOf(client.GET('/api/v1/pooling/compared-models', { signal }))).items,
  staleTime: 5 * MINUTE,
})

export const maintenanceQuery = (within: number) =>
  queryOptions({
    queryKey: ['pooling', 'maintenance', within],
    queryFn: ({ signal }): Promise<Forecast> =>
      bodyOf(client.GET('/api/v1/pooling/maintenance', { params: { query: { within } }, signal })),
    staleTime: 5 * MINUTE,
  })

export const openPurchase = (body: NewPurchase): Promise<Purchase> =>
  bodyOf(client.POST('/api/v1/pooling/purchases', { body }))

export const tellNeed = (key: string, body: NewPurchaseNeed): Promise<Purchase> =>
  bodyOf(client.PUT('/api/v1/pooling/purchases/{key}/needs', { params: { path: { key } }, body }))

export const keepOffer = (key: string, body: NewSupplierOffer): Promise<Purchase> =>
  bodyOf(client.PUT('/api/v1/pooling/purchases/{key}/offers', { params: { path: { key } }, body }))

export const orderPurchase = (key: string): Promise<Purchase> =>
  bodyOf(client.POST('/api/v1/pooling/purchases/{key}/order', { params: { path: { key } } }))

export const markOffer = (key: string, body: NewMarks): Promise<LotsAnalysis> =>
  bodyOf(client.PUT('/api/v1/pooling/purchases/{key}/marks', { params: { path: { key } }, body }))

export const awardPurchase = (key: string, body: NewAward): Promise<Purchase> =>
  bodyOf(client.POST('/api/v1/pooling/purchases/{key}/award', { params: { path: { key } }, body }))

export type FactName = keyof FactsChange['facts']
export type Facts = Partial<Record<string, Fact>>

export const tellFacts = (code: string, facts: Facts, after: number) =>
  bodyOf(
    client.PUT('/api/v1/pooling/compared-models/{code}', {
      params: { path: { code } },
      body: { facts: facts as FactsChange['facts'], after },
    }),
  )

export const deliver = (
  key: string,
  file: File,
  query: { dry_run: boolean; delivered_on?: string },
): Promise<ImportReport> =>
  bodyOf(
    client.POST('/api/v1/pooling/purchases/{key}/deliveries', {
      params: { path: { key }, query },
      headers: { 'Content-Type': file.name.toLowerCase().endsWith('.xlsx') ? XLSX : 'text/csv' },
      body: file as unknown as string,
      bodySerializer: (body: unknown) => body as BodyInit,
    }),
  )

export const tenderFile = (
  key: string,
  what: 'needs' | 'prices' | 'analysis',
  media: string,
): Promise<Blob> =>
  bodyOf<Blob>(
    client.GET('/api/v1/pooling/purchases/{key}/documents/{what}', {
      params: { path: { key, what } },
      headers: { Accept: media },
      parseAs: 'blob',
    }),
  )
