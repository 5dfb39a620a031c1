import { useQuery } from '@tanstack/react-query'
import { sessionQuery } from '@/api/queries'
import { useOwners, type Owner } from '@/things/names'

/** The collectivités that the reader administers. */
export function useAdministered(): Owner[] {
  const session = useQuery(sessionQuery)
  const rights = session.data?.rights ?? {}
  return useOwners().filter((one) => rights[one.key] === 'administer')
}

/** The one that the address asks for, when it is among them; the first otherwise. */
export const among = (owners: Owner[], asked: string | undefined): Owner | undefined =>
  owners.find((one) => one.key === asked) ?? owners[0]

/** What the address says of the collectivité shown. */
export type Of = { of?: string }

export function ofOf(search: Record<string, unknown>): Of {
  return typeof search.of === 'string' && search.of !== '' ? { of: search.of } : {}
}
