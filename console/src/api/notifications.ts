import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import type { Manner } from '@/api/schema'

/** What one is told of. Asked again while the page is seen: what is new shows without reloading. */

const EVERY = 10_000
export const NOTIFICATIONS = { queryKey: ['notifications'] }

export const unreadQuery = queryOptions({
  queryKey: ['notifications', 'count'],
  queryFn: async ({ signal }) => (await bodyOf(client.GET('/api/v1/notifications/count', { signal }))).unread,
  refetchInterval: EVERY,
})

export const notificationsQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: ['notifications', 'list', unread],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...(unread && { unread }), ...(pageParam !== null && { after: pageParam }) }
      return bodyOf(client.GET('/api/v1/notifications', { params: { query }, signal }))
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next ?? null,
    refetchInterval: EVERY,
  })

/** `ids`: those that were seen; all without them. */
export const readNotifications = (ids?: number[]) =>
  bodyOf(client.POST('/api/v1/notifications/reading', { body: ids === undefined ? {} : { ids } }))

export const mannerQuery = queryOptions({
  queryKey: ['me', 'notifications'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/me/notifications', { signal })),
})

export const saveManner = (body: Manner) => bodyOf(client.PUT('/api/v1/me/notifications', { body }))
