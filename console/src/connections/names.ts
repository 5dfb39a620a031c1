import { useQuery } from '@tanstack/react-query'
import { collectivitiesQuery, connectionKindsQuery, structureQuery } from '@/api/queries'
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

export function useOwnerName(): (key: string) => string {
  const owners = useOwners()
  return (key) => owners.find((one) => one.key === key)?.name ?? key
}
