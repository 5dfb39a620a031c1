import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import type { Which } from '@/api/devices'

export const notesQuery = (which: Which) =>
  queryOptions({
    queryKey: ['notes', which],
    queryFn: ({ signal }) =>
      'device' in which
        ? bodyOf(client.GET('/api/v1/devices/{id}/notes', { params: { path: { id: which.device } }, signal }))
        : bodyOf(client.GET('/api/v1/assets/{id}/notes', { params: { path: { id: which.asset } }, signal })),
  })

export const writeNote = (which: Which, text: string) =>
  'device' in which
    ? bodyOf(
        client.POST('/api/v1/devices/{id}/notes', { params: { path: { id: which.device } }, body: { text } }),
      )
    : bodyOf(
        client.POST('/api/v1/assets/{id}/notes', { params: { path: { id: which.asset } }, body: { text } }),
      )

export const removeNote = (which: Which, note: number) =>
  'device' in which
    ? bodyOf(
        client.DELETE('/api/v1/devices/{id}/notes/{note}', { params: { path: { id: which.device, note } } }),
      )
    : bodyOf(
        client.DELETE('/api/v1/assets/{id}/notes/{note}', { params: { path: { id: which.asset, note } } }),
      )
