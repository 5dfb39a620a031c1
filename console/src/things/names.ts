import { useQuery } from '@tanstack/react-query'
import { collectivitiesQuery, connectionKindsQuery, sessionQuery, structureQuery } from '@/api/queries'
import { useSpeech } from '@/language'

/** A network's name, from its kind. */
export function useKindName(): (kind: string) => string {
  const { language } = useSpeech()
  const kinds = useQuery(connectionKindsQuery)
  return (kind) => kinds.data?.find((one) => one.kind === kind)?.name[language] ?? kind
}

export type Owner = { key: string; name: string }

/** The collectivités that may own what is connected, the structure first. */
export function useOwners(): Owner[] {
  const structure = useQuery(structureQuery)
  const collectivities = useQuery(collectivitiesQuery)
  const others = (collectivities.data ?? []).filter((one) => one.key !== structure.data?.key)
  return structure.data ? [structure.data, ...others] : others
}

/** Those among whose things the reader may add, and `own` in any case. */
export function useEditable(own: string): Owner[] {
  const session = useQuery(sessionQuery)
  const rights = session.data?.rights ?? {}
  return useOwners().filter((one) => one.key === own || (rights[one.key] ?? 'read') !== 'read')
}

export function useOwnerName(): (key: string) => string {
  const owners = useOwners()
  return (key) => owners.find((one) => one.key === key)?.name ?? key
}
