import { useQuery } from '@tanstack/react-query'
import { collectivitiesQuery, servicesQuery, sessionQuery, structureQuery } from '@/api/queries'
import type { Collectivity } from '@/api/schema'
import { useSpeech } from '@/language'

/** Names of what amounts are about, as readers know them. */
export function useNames() {
  const { language } = useSpeech()
  const collectivities = useQuery(collectivitiesQuery)
  const services = useQuery(servicesQuery)
  const known = new Map<string, Collectivity>(collectivities.data?.map((one) => [one.key, one]))
  const offered = new Map(
    services.data?.items.map((one) => [one.code, language === 'fr' ? one.name_fr : one.name_en]),
  )
  return {
    member: (key: string) => known.get(key)?.name ?? key,
    population: (key: string) => known.get(key)?.population ?? 0,
    service: (code: string) => offered.get(code) ?? code,
    collectivities: collectivities.data ?? [],
    /** Whether names are there yet: until then, and where they cannot be read, keys are given. */
    known: !collectivities.isPending && !services.isPending,
  }
}

const RANKS = { read: 1, edit: 2, operate: 3, administer: 4 } as const
type Right = keyof typeof RANKS

/** What who is signed in may do of what is pooled: by a role in the structure. */
export function useRights() {
  const session = useQuery(sessionQuery)
  const structure = useQuery(structureQuery)
  const rights = (session.data?.rights ?? {}) as Record<string, Right>
  const held = (key: string | undefined) => RANKS[rights[key ?? ''] ?? 'read'] * Number((key ?? '') in rights)
  const mine = held(structure.data?.key)
  return {
    structure: structure.data?.key,
    reads: mine >= RANKS.read,
    edits: mine >= RANKS.edit,
    operates: mine >= RANKS.operate,
    members: Object.keys(rights).filter((key) => key !== structure.data?.key),
    operatesOf: (key: string) => held(key) >= RANKS.operate || mine >= RANKS.operate,
    editsOf: (key: string) => held(key) >= RANKS.edit,
    administers: (key: string) => held(key) >= RANKS.administer,
  }
}
