import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import type {
  BookingTime,
  Catalogue,
  Computation,
  Form,
  GroupsAsked,
  GroupsFound,
  KeptNeed,
  NewBooking,
  NewNeed,
  NewOffer,
  NewSkillOffer,
  Offer,
  SkillOffer,
} from '@/api/schema'

/** With whom to pool: needs, groups, catalogues, forms of cooperation, skills lent. Amounts come as decimals in texts. */

const MINUTE = 60_000

export const needsQuery = queryOptions({
  queryKey: ['pooling', 'needs'],
  queryFn: async ({ signal }) => (await bodyOf(client.GET('/api/v1/pooling/needs', { signal }))).items,
  staleTime: MINUTE,
})

export const groupsQuery = (service: string, tender: string) =>
  queryOptions({
    queryKey: ['pooling', 'groups', service, tender],
    queryFn: ({ signal }) =>
      bodyOf<unknown>(
        client.GET('/api/v1/pooling/groups', { params: { query: { service, tender } }, signal }),
      ) as Promise<GroupsFound>,
    staleTime: MINUTE,
    retry: false,
  })

export const catalogueQuery = queryOptions({
  queryKey: ['pooling', 'catalogue'],
  queryFn: ({ signal }) =>
    bodyOf<unknown>(client.GET('/api/v1/pooling/catalogue', { signal })) as Promise<Catalogue>,
  staleTime: MINUTE,
})

export const formsQuery = queryOptions({
  queryKey: ['pooling', 'forms'],
  queryFn: async ({ signal }) =>
    (await bodyOf(client.GET('/api/v1/pooling/forms', { signal }))).items as Form[],
  staleTime: Infinity,
})

export const skillsQuery = queryOptions({
  queryKey: ['pooling', 'skills'],
  queryFn: async ({ signal }) => (await bodyOf(client.GET('/api/v1/pooling/skills', { signal }))).items,
  staleTime: MINUTE,
})

export const bookingsQuery = queryOptions({
  queryKey: ['pooling', 'bookings'],
  queryFn: async ({ signal }) => (await bodyOf(client.GET('/api/v1/pooling/bookings', { signal }))).items,
  staleTime: MINUTE,
})

export const lentQuery = (year: number) =>
  queryOptions({
    queryKey: ['pooling', 'lent', year],
    queryFn: async ({ signal }) =>
      (await bodyOf(client.GET('/api/v1/pooling/skills/lent', { params: { query: { year } }, signal })))
        .items,
    staleTime: MINUTE,
  })

export const declareNeed = (body: NewNeed): Promise<KeptNeed> =>
  bodyOf(client.POST('/api/v1/pooling/needs', { body }))

export const withdrawNeed = (id: number): Promise<KeptNeed> =>
  bodyOf(client.DELETE('/api/v1/pooling/needs/{id}', { params: { path: { id } } }))

export const askGroups = (body: GroupsAsked): Promise<Computation> =>
  bodyOf<unknown>(client.POST('/api/v1/pooling/computations', { body })) as Promise<Computation>

export const enterOffer = (body: NewOffer): Promise<Offer> =>
  bodyOf(client.POST('/api/v1/pooling/catalogue', { body }))

export const withdrawOffer = (id: number): Promise<Offer> =>
  bodyOf(client.DELETE('/api/v1/pooling/catalogue/{id}', { params: { path: { id } } }))

export const importOffers = async (file: File): Promise<Offer[]> => {
  const xlsx = file.name.toLowerCase().endsWith('.xlsx')
  const media = xlsx ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv'
  const found = await bodyOf(
    client.POST('/api/v1/pooling/catalogue/imports', {
      body: file as unknown as string,
      bodySerializer: () => file,
      headers: { 'Content-Type': media },
    }),
  )
  return found.items
}

export const offerSkill = (body: NewSkillOffer): Promise<SkillOffer> =>
  bodyOf(client.POST('/api/v1/pooling/skills', { body }))

export const withdrawSkill = (id: number): Promise<SkillOffer> =>
  bodyOf(client.DELETE('/api/v1/pooling/skills/{id}', { params: { path: { id } } }))

export const askBooking = (body: NewBooking): Promise<BookingTime> =>
  bodyOf(client.POST('/api/v1/pooling/bookings', { body }))

export const answerBooking = (
  id: number,
  state: 'accepted' | 'refused' | 'withdrawn',
): Promise<BookingTime> =>
  bodyOf(client.POST('/api/v1/pooling/bookings/{id}/answer', { params: { path: { id } }, body: { state } }))

export const tellTime = (id: number, hours: string, after: number, note: string): Promise<BookingTime> =>
  bodyOf(
    client.POST('/api/v1/pooling/bookings/{id}/time', {
      params: { path: { id } },
      body: { hours, after, note },
    }),
  )

export const confirmTime = (id: number, revision: number): Promise<BookingTime> =>
  bodyOf(
    client.POST('/api/v1/pooling/bookings/{id}/time/{revision}/confirmation', {
      params: { path: { id, revision } },
    }),
  )
