import { describe, expect, it } from 'vitest'
import type { Entry } from '@/api/schema'
import { countsOf, EMPTY, foundingOf, withEntries } from '@/setup/draft'

const entry = (kind: Entry['kind'], code: string, population: number, more: Partial<Entry> = {}): Entry => ({
  key: `${kind}-${code}`,
  kind,
  code,
  name: code,
  population,
  departement: '85',
  ...more,
})
const ROCHE = entry('commune', '85191', 55_000, { epci: 'epci-1' })
const OLONNE = entry('commune', '85194', 48_000, { epci: 'epci-2' })
const ROCHE_AGGLO = entry('epci', '1', 99_000)

describe('chosen collectivités', () => {
  it('are each there once, EPCI before communes', () => {
    const chosen = withEntries([ROCHE], [OLONNE, ROCHE, ROCHE_AGGLO])
    expect(chosen.map((one) => one.key)).toEqual(['epci-1', 'commune-85191', 'commune-85194'])
  })

  it('count each inhabitant once', () => {
    expect(countsOf([ROCHE, OLONNE, ROCHE_AGGLO])).toEqual({ communes: 2, epci: 1, inhabitants: 103_000 })
    expect(countsOf([OLONNE, ROCHE_AGGLO]).inhabitants).toBe(147_000)
  })
})

describe('what is sent', () => {
  const spoken = { password: 'secret', language: 'fr', services: ['water'] } as const
  const draft = {
    ...EMPTY,
    name: ' Ines ',
    email: 'i@e.fr',
    structure: 'S',
    siren: '123 456 789',
    entry: 'epci-1',
  }

  it('has the SIREN of a structure that is not in the referential', () => {
    const body = foundingOf(draft, { ...spoken, services: ['water'] })
    expect(body).toMatchObject({ siren: '123456789', person: { name: 'Ines' } })
    expect(body).not.toHaveProperty('entry')
  })

  it('has the key of one that is', () => {
    const body = foundingOf({ ...draft, form: 'epci' }, { ...spoken, services: ['water'] })
    expect(body).toMatchObject({ entry: 'epci-1' })
    expect(body).not.toHaveProperty('siren')
  })
})
