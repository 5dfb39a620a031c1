import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import type { Entry, Founding } from '@/api/schema'

const bearing = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } })

/** What there is to choose from in the first run, for the holder of its one-time address. */
export const setupQuery = (token: string) =>
  queryOptions({
    queryKey: ['setup', token],
    queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/setup', { ...bearing(token), signal })),
    staleTime: 'static',
    retry: false,
  })

export const entriesQuery = (token: string, text: string, kind: Entry['kind'][]) =>
  queryOptions({
    queryKey: ['setup', token, 'entries', text, kind],
    queryFn: async ({ signal }) => {
      const params = { query: { q: text, kind, limit: 12 } }
      const asked = client.GET('/api/v1/setup/referential', { ...bearing(token), params, signal })
      return (await bodyOf(asked)).items
    },
    staleTime: 'static',
    placeholderData: keepPreviousData,
  })

/** The communes of an EPCI; the communes and EPCI of a département. */
export async function membersOf(token: string, key: string) {
  const params = { path: { key } }
  const asked = client.GET('/api/v1/setup/referential/{key}/members', { ...bearing(token), params })
  return (await bodyOf(asked)).items
}

export const found = (token: string, body: Founding) =>
  bodyOf(client.POST('/api/v1/setup', { ...bearing(token), body }))
