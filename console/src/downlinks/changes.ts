import { bodyOf, client } from '@/api/client'
import type { NewDownlink } from '@/api/schema'

/** What the pages of downlinks ask the server to do. */

export const preview = (id: number, body: NewDownlink) =>
  bodyOf(client.POST('/api/v1/devices/{id}/downlinks/preview', { params: { path: { id } }, body }))

export const ask = (id: number, body: NewDownlink) =>
  bodyOf(client.POST('/api/v1/devices/{id}/downlinks', { params: { path: { id } }, body }))

export const approve = (key: string) =>
  bodyOf(client.POST('/api/v1/downlinks/{key}/approve', { params: { path: { key } } }))

export const cancel = (key: string) =>
  bodyOf(client.POST('/api/v1/downlinks/{key}/cancel', { params: { path: { key } } }))

export const refuse = (key: string, reason: string) =>
  bodyOf(client.POST('/api/v1/downlinks/{key}/refuse', { params: { path: { key } }, body: { reason } }))
