import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import { wholeOf, type Page } from '@/api/queries'
import type {
  Agreement,
  ApiKey,
  Invitation,
  Line,
  NewAgreement,
  NewInvitation,
  NewKey,
  Person,
  Role,
  Series,
  Session,
  Subject,
} from '@/api/schema'

/** Who may do what: agreements, people, invitations, keys, sessions, and the trail of what was done. */

const MINUTE = 60_000
const MANY = 200

/** Asked again while the page is seen: what one is given, or loses, shows without reloading. */
export const agreementsQuery = queryOptions({
  queryKey: ['agreements', 'all'],
  queryFn: ({ signal }) =>
    wholeOf<Agreement>((after) =>
      bodyOf(client.GET('/api/v1/agreements', { params: { query: { limit: 1000, ...after } }, signal })),
    ),
  refetchInterval: ({ state }) => ((state.data?.length ?? 0) > MANY ? MINUTE / 2 : 3_000),
})

export const openingQuery = (key: string) =>
  queryOptions({
    queryKey: ['agreements', 'opening', key],
    queryFn: ({ signal }) =>
      bodyOf(client.GET('/api/v1/agreements/{key}/opening', { params: { path: { key } }, signal })),
  })

export const previewQuery = (subject: Subject) =>
  queryOptions({
    queryKey: ['agreements', 'preview', subject],
    queryFn: ({ signal }) => bodyOf(client.POST('/api/v1/agreements/preview', { body: subject, signal })),
  })

/** Every series of a giver that observes a property, as an agreement names them. */
export const idsObservingQuery = (giver: string, property: string) =>
  queryOptions({
    queryKey: ['series', 'ids observing', giver, property],
    queryFn: async ({ signal }) => {
      const query = { owner: [giver], observed_property: [property], limit: 1000 }
      const all = await wholeOf(
        (after) =>
          bodyOf<unknown>(
            client.GET('/api/v1/series', { params: { query: { ...query, ...after } }, signal }),
          ) as Promise<Page<Series>>,
      )
      return all.filter((one) => one.owner === giver).map((one) => one.id)
    },
    staleTime: MINUTE,
  })

export const giveAgreement = (body: NewAgreement) => bodyOf(client.POST('/api/v1/agreements', { body }))

export const revokeAgreement = (key: string) =>
  bodyOf(client.DELETE('/api/v1/agreements/{key}', { params: { path: { key } } }))

// People

export const peopleQuery = (collectivity?: string) =>
  queryOptions({
    queryKey: ['people', collectivity ?? 'all'],
    queryFn: ({ signal }) =>
      wholeOf<Person>((after) => {
        const query = { limit: 1000, ...(collectivity !== undefined && { collectivity }), ...after }
        return bodyOf(client.GET('/api/v1/people', { params: { query }, signal }))
      }),
  })

export const rolesQuery = (collectivity: string) =>
  queryOptions({
    queryKey: ['people', 'roles', collectivity],
    queryFn: ({ signal }) =>
      wholeOf<Role>((after) =>
        bodyOf(
          client.GET('/api/v1/roles', { params: { query: { collectivity, limit: 1000, ...after } }, signal }),
        ),
      ),
  })

export type RoleName = Role['role']

export const grantRole = (collectivity: string, person: string, role: RoleName) =>
  bodyOf(
    client.PUT('/api/v1/roles/{collectivity}/{person}', {
      params: { path: { collectivity, person } },
      body: { role },
    }),
  )

export const withdrawRole = (collectivity: string, person: string) =>
  bodyOf(
    client.DELETE('/api/v1/roles/{collectivity}/{person}', { params: { path: { collectivity, person } } }),
  )

export const giveLink = (person: string) => bodyOf(client.POST('/api/v1/sign-in-links', { body: { person } }))

export const endSessionsOf = (key: string) =>
  bodyOf(client.DELETE('/api/v1/people/{key}/sessions', { params: { path: { key } } }))

export const setDisabled = (key: string, disabled: boolean) =>
  bodyOf(client.PATCH('/api/v1/people/{key}', { params: { path: { key } }, body: { disabled } }))

// Invitations

export const invitationsQuery = queryOptions({
  queryKey: ['people', 'invitations'],
  queryFn: ({ signal }) =>
    wholeOf<Invitation>((after) => {
      const query = { waiting: true, limit: 1000, ...after }
      return bodyOf(client.GET('/api/v1/invitations', { params: { query }, signal }))
    }),
})

export const invite = (body: NewInvitation) => bodyOf(client.POST('/api/v1/invitations', { body }))

export const revokeInvitation = (key: string) =>
  bodyOf(client.DELETE('/api/v1/invitations/{key}', { params: { path: { key } } }))

// Keys

export const keysQuery = queryOptions({
  queryKey: ['keys'],
  queryFn: ({ signal }) =>
    wholeOf<ApiKey>((after) =>
      bodyOf(client.GET('/api/v1/keys', { params: { query: { limit: 1000, ...after } }, signal })),
    ),
})

export const makeKey = (body: NewKey) => bodyOf(client.POST('/api/v1/keys', { body }))

export const revokeKey = (key: string) =>
  bodyOf(client.DELETE('/api/v1/keys/{key}', { params: { path: { key } } }))

// Oneself

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/me', { signal })),
})

export const mySessionsQuery = queryOptions({
  queryKey: ['me', 'sessions'],
  queryFn: ({ signal }) =>
    wholeOf<Session>((after) =>
      bodyOf(client.GET('/api/v1/me/sessions', { params: { query: { limit: 1000, ...after } }, signal })),
    ),
})

/** Saves with one's account the language to be spoken to in. */
export const saveLanguage = (language: 'fr' | 'en') =>
  bodyOf(client.PATCH('/api/v1/me', { body: { language } }))

type MyChanges = { name?: string; password?: string; current?: string }

export const changeMe = (body: MyChanges) => bodyOf(client.PATCH('/api/v1/me', { body }))

export const endSession = (key: string) =>
  bodyOf(client.DELETE('/api/v1/me/sessions/{key}', { params: { path: { key } } }))

export const endOtherSessions = () => bodyOf(client.DELETE('/api/v1/me/sessions'))

// The trail

/** Which lines: `start` and `end` are instants, `action` the beginning of a word. */
export type Trail = {
  collectivity?: string
  actor?: string
  action?: string
  start?: string
  end?: string
  deeds?: boolean
}

export const trailQuery = (asked: Trail) =>
  infiniteQueryOptions({
    queryKey: ['audit', asked],
    queryFn: ({ signal, pageParam }) =>
      // Also given as a table.
      bodyOf<unknown>(
        client.GET('/api/v1/audit', {
          params: { query: { ...asked, limit: 50, ...(pageParam !== '' && { after: pageParam }) } },
          signal,
        }),
      ) as Promise<Page<Line>>,
    initialPageParam: '',
    getNextPageParam: ({ next }) => next ?? undefined,
  })

export const trailFile = (asked: Trail): Promise<Blob> =>
  bodyOf<unknown>(
    client.GET('/api/v1/audit', {
      params: { query: asked },
      headers: { Accept: 'text/csv' },
      parseAs: 'blob',
    }),
  ) as Promise<Blob>

export const verificationQuery = queryOptions({
  queryKey: ['audit verification'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/audit/verification', { signal })),
  enabled: false,
})

// The accessibility statement

export const conformanceQuery = queryOptions({
  queryKey: ['accessibility'],
  queryFn: ({ signal }) => bodyOf(client.GET('/api/v1/accessibility', { signal })),
  staleTime: 60 * MINUTE,
  retry: false,
})
