import { describe, expect, it } from 'vitest'
import type { Programme } from '@/api/schema'
import {
  newName,
  renamed,
  setAction,
  setSilo,
  without,
  withoutAction,
  withoutSilo,
} from '@/pooling/programmeEdits'

const DOCUMENT = {
  name: 'Essai',
  start: '2027-Q1',
  quarters: 4,
  criteria: [{ name: 'enjeu', weight: 1 }],
  members: [{ name: 'Challans', weights: { enjeu: 2 } }],
  silos: [{ name: 'eau', service: 'eau', member: 'Challans', yearly_cost: 10, ends: '2027-12-31' }],
  actions: [
    { name: 'A', scores: { enjeu: 1 }, replaces: ['eau'], benefits: { Challans: 3 } },
    { name: 'B', scores: { enjeu: 2 } },
  ],
  precedences: [{ before: 'A', after: 'B' }],
  alternatives: [{ actions: ['A', 'B'] }],
  setups: [{ name: 'plateforme', cost: 1, actions: ['A'] }],
  pins: [{ action: 'A' }],
} as unknown as Programme

describe('a programme that is edited', () => {
  it('keeps together what names an action', () => {
    const next = setAction(DOCUMENT, 0, { name: 'Nouveau' })
    expect(next.actions[0]?.name).toBe('Nouveau')
    expect(next.precedences).toEqual([{ before: 'Nouveau', after: 'B' }])
    expect(next.alternatives).toEqual([{ actions: ['Nouveau', 'B'] }])
    expect(next.pins).toEqual([{ action: 'Nouveau' }])
  })

  it('loses what named an action that goes', () => {
    const next = withoutAction(DOCUMENT, 0)
    expect(next.actions.map((one) => one.name)).toEqual(['B'])
    expect([next.precedences, next.alternatives, next.setups, next.pins]).toEqual([[], [], [], []])
  })

  it('keeps contracts and the actions that replace them together', () => {
    expect(setSilo(DOCUMENT, 0, { name: 'eau potable' }).actions[0]?.replaces).toEqual(['eau potable'])
    expect(withoutSilo(DOCUMENT, 0).actions[0]?.replaces).toEqual([])
  })

  it('follows the names of criteria and members', () => {
    const next = renamed(renamed(DOCUMENT, 'criteria', 'enjeu', 'utilité'), 'members', 'Challans', 'Luçon')
    expect(next.actions[0]).toMatchObject({ scores: { utilité: 1 }, benefits: { Luçon: 3 } })
    expect(next.members?.[0]).toMatchObject({ name: 'Luçon', weights: { utilité: 2 } })
    expect(next.silos?.[0]?.member).toBe('Luçon')
    expect(without(DOCUMENT, 'criteria', 'enjeu').actions[1]?.scores).toEqual({})
  })

  it('follows the names of skills, and of members in what actions gain together', () => {
    const staffed = {
      ...DOCUMENT,
      staff: [{ skill: 'développement', months: 2 }],
      actions: [
        { name: 'A', scores: {}, staff: { développement: [1, 2] }, running_staff: { développement: 1 } },
      ],
      synergies: [{ actions: ['A', 'B'], gain: 1, shares: { Challans: 1 } }],
    } as unknown as Programme
    const next = renamed(staffed, 'staff', 'développement', 'réseau')
    expect(next.staff).toEqual([{ skill: 'réseau', months: 2 }])
    expect(next.actions[0]).toMatchObject({ staff: { réseau: [1, 2] }, running_staff: { réseau: 1 } })
    const gone = without(staffed, 'staff', 'développement')
    expect([gone.staff, gone.actions[0]?.staff, gone.actions[0]?.running_staff]).toEqual([[], {}, {}])
    expect(without(staffed, 'members', 'Challans').synergies?.[0]?.shares).toEqual({})
  })

  it('gives names that nothing has', () => {
    expect(newName('Action', ['Action', 'Action 2'])).toBe('Action 3')
  })
})
