import type { Entry, Founding } from '@/api/schema'

export type { Founding }
export type CollectivityKind = Entry['kind']
export type Form = Founding['form']

/** What was typed and chosen so far; the password is kept nowhere. */
export type Draft = {
  name: string
  email: string
  form: Form
  structure: string
  siren: string
  entry: string | null
  members: Entry[]
  services: string[] | null
}

export const EMPTY: Draft = {
  name: '',
  email: '',
  form: 'syndicat',
  structure: '',
  siren: '',
  entry: null,
  members: [],
  services: null,
}

/** Structures of these forms are in the referential themselves. */
export const LISTED: Partial<Record<Form, CollectivityKind>> = {
  epci: 'epci',
  departement: 'departement',
  commune: 'commune',
}
export const FORMS: Form[] = ['syndicat', 'epci', 'departement', 'spl', 'gip', 'commune', 'other']

const MEMORY = 'beffroi.setup'

/** The draft of this tab: a page loaded again, or an instance started again, finds it. */
export function remembered(): Draft {
  try {
    return { ...EMPTY, ...(JSON.parse(sessionStorage.getItem(MEMORY) ?? '{}') as Partial<Draft>) }
  } catch {
    return EMPTY
  }
}

export function remember(draft: Draft): void {
  try {
    sessionStorage.setItem(MEMORY, JSON.stringify(draft))
  } catch {
    // A tab that may keep nothing goes on without.
  }
}

export function forget(): void {
  sessionStorage.removeItem(MEMORY)
}

export function withEntries(members: Entry[], added: Entry[]): Entry[] {
  const known = new Set(members.map((one) => one.key))
  return [...members, ...added.filter((one) => !known.has(one.key))].sort(byPlace)
}

/** By département, the EPCI before the communes, then by name. */
function byPlace(one: Entry, other: Entry): number {
  return (
    (one.departement ?? '').localeCompare(other.departement ?? '') ||
    Number(one.kind === 'commune') - Number(other.kind === 'commune') ||
    one.name.localeCompare(other.name, 'fr')
  )
}

export type Counts = { communes: number; epci: number; inhabitants: number }

/** Whoever lives in a commune and in its EPCI, both chosen, is counted once. */
export function countsOf(members: Entry[]): Counts {
  const communes = members.filter((one) => one.kind === 'commune')
  const epci = members.filter((one) => one.kind === 'epci')
  const covered = new Set(communes.map((one) => one.epci))
  const alone = epci.filter((one) => !covered.has(one.key))
  const inhabitants = [...communes, ...alone].reduce((sum, one) => sum + (one.population ?? 0), 0)
  return { communes: communes.length, epci: epci.length, inhabitants }
}

type Spoken = { password: string; language: 'fr' | 'en'; services: string[] }

export function foundingOf(draft: Draft, { password, language, services }: Spoken): Founding {
  const listed = LISTED[draft.form] !== undefined
  return {
    person: { name: draft.name.trim(), email: draft.email.trim(), password, language },
    form: draft.form,
    name: draft.structure.trim(),
    ...(listed && draft.entry !== null ? { entry: draft.entry } : {}),
    ...(!listed && draft.siren.trim() !== '' ? { siren: draft.siren.replace(/\s/g, '') } : {}),
    members: draft.members.map((one) => one.key),
    services,
  }
}
