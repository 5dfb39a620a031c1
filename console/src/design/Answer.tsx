import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Loading } from '@/design/Loading'
import { Trouble } from '@/design/Trouble'

type Props<T> = { query: UseQueryResult<T>; lines?: number; page?: boolean; children: (data: T) => ReactNode }

/** What a query answered, or a place held for it, or what went wrong. Data already shown stays while it is renewed. */
export function Answer<T>({ query, lines, page = false, children }: Props<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <Trouble error={query.error} page={page} retry={() => void query.refetch()} />
  return <Loading {...(lines === undefined ? {} : { lines })} />
}
