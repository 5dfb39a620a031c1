import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import type {
  Computation,
  Decision,
  Experiment,
  ExperimentPage,
  Gain,
  KeptExperiment,
  NewDecision,
  NewSavings,
  Saving,
  Series,
} from '@/api/schema'

/** Trying before spreading, as the console asks it of the server. */

const MINUTE = 60_000
export const SHOWN = 1_000

export const experimentsQuery = queryOptions({
  queryKey: ['pooling', 'experiments'],
  queryFn: async ({ signal }) => (await bodyOf(client.GET('/api/v1/pooling/experiments', { signal }))).items,
  staleTime: MINUTE,
})

export const experimentQuery = (key: string) =>
  queryOptions({
    queryKey: ['pooling', 'experiment', key],
    queryFn: ({ signal }) =>
      bodyOf<unknown>(
        client.GET('/api/v1/pooling/experiments/{key}', { params: { path: { key } }, signal }),
      ) as Promise<ExperimentPage>,
    staleTime: MINUTE,
  })

export const gainsQuery = (programme: string) =>
  queryOptions({
    queryKey: ['pooling', 'gains', programme],
    queryFn: async ({ signal }): Promise<Gain[]> =>
      (
        await bodyOf(
          client.GET('/api/v1/pooling/programmes/{key}/gains', {
            params: { path: { key: programme } },
            signal,
          }),
        )
      ).items,
    staleTime: MINUTE,
  })

type Candidates = { service: string; property: string; owner: string }

/** The series that units may be measured by: the first thousand. */
export const candidatesQuery = ({ service, property, owner }: Candidates) =>
  queryOptions({
    queryKey: ['series', 'candidates', service, property, owner],
    queryFn: ({ signal }) =>
      bodyOf<unknown>(
        client.GET('/api/v1/series', {
          params: {
            query: {
              service: [service],
              observed_property: [property],
              limit: SHOWN,
              ...(owner !== '' && { owner: [owner] }),
            },
          },
          signal,
        }),
      ) as Promise<{ items: Series[]; next?: string | null }>,
    staleTime: 5 * MINUTE,
    enabled: service !== '' && property !== '',
  })

export const keepExperiment = (
  key: string | undefined,
  document: Experiment,
  after: number,
): Promise<KeptExperiment> =>
  bodyOf(
    key === undefined
      ? client.POST('/api/v1/pooling/experiments', { body: { document, after } })
      : client.PUT('/api/v1/pooling/experiments/{key}', {
          params: { path: { key } },
          body: { document, after },
        }),
  )

export const askEffect = (experiment: string): Promise<Computation> =>
  bodyOf(client.POST('/api/v1/pooling/computations', { body: { kind: 'effect', experiment } }))

export const decide = (key: string, body: NewDecision): Promise<Decision> =>
  bodyOf<unknown>(
    client.POST('/api/v1/pooling/experiments/{key}/decisions', { params: { path: { key } }, body }),
  ) as Promise<Decision>

export const keepSavings = async (key: string, body: NewSavings): Promise<Saving[]> =>
  (
    await bodyOf(
      client.POST('/api/v1/pooling/experiments/{key}/savings', { params: { path: { key } }, body }),
    )
  ).items

export const withdrawSaving = (key: string): Promise<Saving> =>
  bodyOf(client.POST('/api/v1/pooling/savings/{key}/withdrawal', { params: { path: { key } } }))

export const takeGains = (programme: string, actions: string[], after: number) =>
  bodyOf(
    client.POST('/api/v1/pooling/programmes/{key}/gains', {
      params: { path: { key: programme } },
      body: { actions, after },
    }),
  )

export const savingRows = (key: string) => `/api/v1/pooling/savings/${key}/rows`
