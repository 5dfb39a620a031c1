import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client, ProblemError } from '@/api/client'
import type {
  CostModel,
  KeptModel,
  KeptProgramme,
  PlanFound,
  Programme,
  UsageMonth,
  Ranking,
  Choice,
  Computation,
  Deed,
  NewEntry,
  Plan,
  StatementPage,
  UsageEntry,
} from '@/api/schema'

/** What is pooled, as the console asks it of the server. Amounts come as decimals in texts. */

const MINUTE = 60_000
export type Basis = StatementPage['basis']

/** Asked again while something is computed. */
const WHILE_COMPUTING = 1_500

export const poolingModelsQuery = queryOptions({
  queryKey: ['pooling', 'models'],
  queryFn: async ({ signal }) => (await bodyOf(client.GET('/api/v1/pooling/models', { signal }))).items,
  staleTime: MINUTE,
})

/** The last revision; null before the first. */
export const modelQuery = (service: string, year: number) =>
  queryOptions({
    queryKey: ['pooling', 'model', service, year],
    queryFn: ({ signal }) =>
      orNone(
        bodyOf<unknown>(
          client.GET('/api/v1/pooling/models/{service}/{year}', {
            params: { path: { service, year } },
            signal,
          }),
        ) as Promise<KeptModel>,
      ),
    staleTime: Infinity,
    retry: false,
  })

/** The document of a programme, as it was last kept. */
export const programmeQuery = (key: string) =>
  queryOptions({
    queryKey: ['pooling', 'programme', key],
    queryFn: ({ signal }) =>
      bodyOf<unknown>(
        client.GET('/api/v1/pooling/programmes/{key}', { params: { path: { key } }, signal }),
      ) as Promise<KeptProgramme>,
    staleTime: Infinity,
  })

async function orNone<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ProblemError && error.problem.status === 404) return null
    throw error
  }
}

export const statementsQuery = (service: string, year: number, basis: Basis) =>
  queryOptions({
    queryKey: ['pooling', 'statements', service, year, basis],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/pooling/statements', { params: { query: { service, year, basis } }, signal }),
      ),
    staleTime: MINUTE,
  })

export const sharesQuery = (service: string, year: number, basis: Basis) =>
  queryOptions({
    queryKey: ['pooling', 'shares', service, year, basis],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/pooling/models/{service}/{year}/shares', {
          params: { path: { service, year }, query: { basis } },
          signal,
        }),
      ),
    staleTime: MINUTE,
  })

export const computationsQuery = (subject: string) =>
  queryOptions({
    queryKey: ['pooling', 'computations', subject],
    queryFn: async ({ signal }) =>
      (await bodyOf(client.GET('/api/v1/pooling/computations', { params: { query: { subject } }, signal })))
        .items,
    refetchInterval: ({ state }) => (state.data?.some(isUnderWay) ? WHILE_COMPUTING : false),
  })

export const isUnderWay = (one: Computation) => one.state === 'waiting' || one.state === 'running'

export const programmesQuery = queryOptions({
  queryKey: ['pooling', 'programmes'],
  queryFn: async ({ signal }) => (await bodyOf(client.GET('/api/v1/pooling/programmes', { signal }))).items,
  staleTime: MINUTE,
})

// The client takes pairs for lists of any length: what is asked says what it is.

export const planQuery = (key: string) =>
  queryOptions({
    queryKey: ['pooling', 'plan', key],
    queryFn: ({ signal }) =>
      bodyOf<unknown>(
        client.GET('/api/v1/pooling/programmes/{key}/plan', { params: { path: { key } }, signal }),
      ) as Promise<PlanFound>,
    staleTime: MINUTE,
  })

export const rankingQuery = (key: string) =>
  queryOptions({
    queryKey: ['pooling', 'ranking', key],
    queryFn: ({ signal }) =>
      bodyOf<unknown>(
        client.GET('/api/v1/pooling/programmes/{key}/ranking', { params: { path: { key } }, signal }),
      ) as Promise<Ranking>,
    staleTime: MINUTE,
    retry: false,
  })

/** How members weigh the criteria: of all for the structure, its own for a member. */
export const weighingsQuery = (key: string) =>
  queryOptions({
    queryKey: ['pooling', 'ranking', key, 'weighings'],
    queryFn: async ({ signal }) =>
      (
        await bodyOf(
          client.GET('/api/v1/pooling/programmes/{key}/weighings', { params: { path: { key } }, signal }),
        )
      ).items,
    staleTime: MINUTE,
  })

export const weigh = (key: string, collectivity: string, weights: Record<string, number>) =>
  bodyOf(
    client.PUT('/api/v1/pooling/programmes/{key}/weighings/{collectivity}', {
      params: { path: { key, collectivity } },
      body: { weights },
    }),
  )

export const unweigh = (key: string, collectivity: string) =>
  bodyOf(
    client.DELETE('/api/v1/pooling/programmes/{key}/weighings/{collectivity}', {
      params: { path: { key, collectivity } },
    }),
  )

export const computedPlanQuery = (key: string) =>
  queryOptions({
    queryKey: ['pooling', 'computed', key],
    queryFn: ({ signal }) =>
      bodyOf<unknown>(
        client.GET('/api/v1/pooling/computations/{key}/plan', { params: { path: { key } }, signal }),
      ) as Promise<Plan>,
    staleTime: Infinity,
  })

export const returnYearsQuery = (member: string) =>
  queryOptions({
    queryKey: ['pooling', 'returns', member],
    queryFn: async ({ signal }) =>
      (await bodyOf(client.GET('/api/v1/pooling/returns/{member}', { params: { path: { member } }, signal })))
        .years,
    staleTime: MINUTE,
  })

export const returnQuery = (member: string, year: number) =>
  queryOptions({
    queryKey: ['pooling', 'returns', member, year],
    queryFn: ({ signal }) =>
      bodyOf(
        client.GET('/api/v1/pooling/returns/{member}/{year}', { params: { path: { member, year } }, signal }),
      ),
    staleTime: MINUTE,
  })

export const soFarQuery = (owner: string) =>
  queryOptions({
    queryKey: ['pooling', 'so far', owner],
    queryFn: async ({ signal }) =>
      (await bodyOf(client.GET('/api/v1/pooling/usage/so-far', { params: { query: { owner } }, signal })))
        .items,
    staleTime: 5 * MINUTE,
  })

export const askShares = (service: string, year: number, basis: Basis): Promise<Computation> =>
  bodyOf(client.POST('/api/v1/pooling/computations', { body: { kind: 'shares', service, year, basis } }))

export const askPlan = (programme: string, pins: Choice[], forbids: Choice[]): Promise<Computation> =>
  bodyOf(client.POST('/api/v1/pooling/computations', { body: { kind: 'plan', programme, pins, forbids } }))

export const cancelComputation = (key: string): Promise<Computation> =>
  bodyOf(client.POST('/api/v1/pooling/computations/{key}/cancellation', { params: { path: { key } } }))

export const changesOf = async (service: string, year: number, body: MemberChangeAsked) =>
  (
    await bodyOf(
      client.POST('/api/v1/pooling/models/{service}/{year}/changes', {
        params: { path: { service, year } },
        body,
      }),
    )
  ).items

export type MemberChangeAsked = {
  basis?: Basis
  leaving?: string
  arriving?: { member: string; quantities: Record<string, string> }
}

export const putModel = (
  service: string,
  year: number,
  model: CostModel,
  after: number,
): Promise<KeptModel> =>
  bodyOf<unknown>(
    client.PUT('/api/v1/pooling/models/{service}/{year}', {
      params: { path: { service, year } },
      body: { model, after },
    }),
  ) as Promise<KeptModel>

/** A new programme where `key` is null. */
export const putProgramme = (
  key: string | null,
  document: Programme,
  after: number,
  before?: KeptProgramme,
): Promise<KeptProgramme> => {
  const named = new Set((document.members ?? []).map((one) => one.name))
  const kept = Object.entries(before?.collectivities ?? {}).filter(([name]) => named.has(name))
  const body = {
    document,
    after,
    collectivities: Object.fromEntries(kept),
    ...(before?.about.example != null && { example: before.about.example }),
  }
  const answered =
    key === null
      ? client.POST('/api/v1/pooling/programmes', { body })
      : client.PUT('/api/v1/pooling/programmes/{key}', { params: { path: { key } }, body })
  return bodyOf<unknown>(answered) as Promise<KeptProgramme>
}

export const recountUsage = async (owner: string, month: string): Promise<UsageMonth[]> =>
  (await bodyOf(client.POST('/api/v1/pooling/usage/recounts', { body: { owner, month } }))).items

export const enterQuantity = (body: NewEntry): Promise<UsageEntry> =>
  bodyOf(client.POST('/api/v1/pooling/usage/entries', { body }))

export const withdrawQuantity = (id: number): Promise<UsageEntry> =>
  bodyOf(client.DELETE('/api/v1/pooling/usage/entries/{id}', { params: { path: { id } } }))

export const agreeToCompare = async (member: string, agrees: boolean): Promise<Deed | null | undefined> =>
  (
    await bodyOf(
      client.PUT('/api/v1/pooling/returns/{member}/comparison', {
        params: { path: { member } },
        body: { agrees },
      }),
    )
  ).agreed

/** The address of a file; the session's cookie opens it. */
export function statementsFile(
  what: 'statements/csv' | 'entries/csv',
  service: string,
  year: number,
  basis: Basis,
  member?: string,
): string {
  const asked = new URLSearchParams({ service, year: String(year), basis, ...(member && { member }) })
  return `/api/v1/pooling/${what}?${asked.toString()}`
}

export function usageRowsFile(owner: string, service: string, month: string, revision?: number): string {
  const more = revision === undefined ? {} : { revision: String(revision) }
  return `/api/v1/pooling/usage/rows?${new URLSearchParams({ owner, service, month, ...more }).toString()}`
}

export const programmePage = (key: string, language: string) =>
  `/api/v1/pooling/programmes/${key}/page?language=${language}`

export const programmePdf = (key: string, language: string) =>
  `/api/v1/pooling/programmes/${key}/pdf?language=${language}`

export const returnPdf = (member: string, year: number, language: string) =>
  `/api/v1/pooling/returns/${member}/${year}/pdf?language=${language}`
