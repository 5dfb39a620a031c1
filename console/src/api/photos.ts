import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client, ProblemError } from '@/api/client'
import type { Which } from '@/api/devices'
import type { Photo } from '@/api/schema'

const pathOf = (which: Which) => ('device' in which ? `devices/${which.device}` : `assets/${which.asset}`)

/** Where the picture itself is. */
export const pictureOf = (which: Which, photo: string, size: 'large' | 'small') =>
  `/api/v1/${pathOf(which)}/photos/${photo}/${size}`

export const photosQuery = (which: Which) =>
  queryOptions({
    queryKey: ['photos', which],
    queryFn: ({ signal }) =>
      'device' in which
        ? bodyOf(
            client.GET('/api/v1/devices/{id}/photos', { params: { path: { id: which.device } }, signal }),
          )
        : bodyOf(client.GET('/api/v1/assets/{id}/photos', { params: { path: { id: which.asset } }, signal })),
  })

export function addPhoto(which: Which, file: Blob, alt: string): Promise<Photo> {
  const sent = {
    body: file as unknown as string,
    bodySerializer: () => file,
    headers: { 'Content-Type': file.type || 'application/octet-stream' },
  }
  return 'device' in which
    ? bodyOf(
        client.POST('/api/v1/devices/{id}/photos', {
          params: { path: { id: which.device }, query: { alt } },
          ...sent,
        }),
      )
    : bodyOf(
        client.POST('/api/v1/assets/{id}/photos', {
          params: { path: { id: which.asset }, query: { alt } },
          ...sent,
        }),
      )
}

/** Removes it; its picture comes back with the answer, so that it can be put back. */
export async function removePhoto(which: Which, photo: string): Promise<Blob> {
  const kept = await fetch(pictureOf(which, photo, 'large'))
  if (!kept.ok) throw new ProblemError({ type: 'about:blank', title: '', status: kept.status })
  const picture = await kept.blob()
  await ('device' in which
    ? bodyOf(
        client.DELETE('/api/v1/devices/{id}/photos/{photo}', {
          params: { path: { id: which.device, photo } },
        }),
      )
    : bodyOf(
        client.DELETE('/api/v1/assets/{id}/photos/{photo}', { params: { path: { id: which.asset, photo } } }),
      ))
  return picture
}
