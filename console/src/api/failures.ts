import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import type { FailureList, NewFailure } from '@/api/schema'

/** Failures of devices, of one when it is told. */
export const failuresQuery = (device?: number) =>
  queryOptions({
    queryKey: ['pooling', 'failures', device ?? null],
    queryFn: ({ signal }): Promise<FailureList> =>
      bodyOf(
        client.GET('/api/v1/pooling/failures', {
          params: { query: device === undefined ? {} : { device } },
          signal,
        }),
      ),
  })

export const recordFailure = (body: NewFailure) => bodyOf(client.POST('/api/v1/pooling/failures', { body }))

export const amendFailure = (id: number, body: NewFailure) =>
  bodyOf(client.PUT('/api/v1/pooling/failures/{id}', { params: { path: { id } }, body }))

export const withdrawFailure = (id: number) =>
  bodyOf(client.POST('/api/v1/pooling/failures/{id}/withdrawal', { params: { path: { id } } }))
