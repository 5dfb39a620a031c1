import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import {
  latestOf,
  observationAt,
  type Columns,
  type Observation,
  type Selection,
} from '@/observations/columns'
import { useLive } from '@/observations/live'

export type Latest = ReadonlyMap<number, Observation>

const latestQuery = (selection: Selection) =>
  queryOptions({
    queryKey: ['latest', selection],
    queryFn: async ({ signal }): Promise<Latest> => newerOf(new Map(), await latestOf(selection, signal)),
  })

type Listeners = { heard?: (columns: Columns) => void; missed?: () => void }

/** The latest observation of each series of a selection, kept up to date by the live stream. */
export function useLatest(selection: Selection, listeners: Listeners = {}) {
  const queries = useQueryClient()
  const options = latestQuery(selection)
  const latest = useQuery(options)
  const asked =
    'owner' in selection ? { owner: selection.owner.join(',') } : { series: selection.series.join(',') }
  const some = 'owner' in selection ? selection.owner.length > 0 : selection.series.length > 0
  const live = useLive(some ? new URLSearchParams(asked).toString() : null, {
    heard: (columns) => {
      queries.setQueryData(options.queryKey, (known) => (known ? newerOf(known, columns) : known))
      listeners.heard?.(columns)
    },
    missed: () => {
      void queries.invalidateQueries({ queryKey: options.queryKey })
      listeners.missed?.()
    },
  })
  return { latest, live }
}

/** `known` with what `columns` brings that is not older; the same map when nothing does. */
export function newerOf(known: Latest, columns: Columns): Latest {
  const brought = columns.series
    .map((series, row) => [series, observationAt(columns, row)] as const)
    .filter(([series, { time }]) => time >= (known.get(series)?.time ?? time))
    .sort(([, one], [, other]) => one.time.getTime() - other.time.getTime())
  return brought.length > 0 ? new Map([...known, ...brought]) : known
}
