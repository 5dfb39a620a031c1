import { describe, expect, it } from 'vitest'
import { decimal, faultAt, faultsIn, toldElsewhere, toldOf, typed } from '@/pooling/faults'

const FAULTS = [
  { field: 'model.costs[2]', detail: 'montants croissants attendus' },
  { field: 'model.costs[2].price', detail: 'un nombre attendu' },
  { field: 'model.costs[21]', detail: 'autre' },
  { field: 'parts', detail: 'poids positifs attendus' },
]

describe('a fault is told where it is', () => {
  it('of a field and of what is inside', () => {
    expect(faultAt(FAULTS, 'costs[2]')).toBe('montants croissants attendus ; un nombre attendu')
    expect(faultAt(FAULTS, 'costs[1]')).toBeUndefined()
    expect(faultAt(FAULTS, 'costs[21]')).toBe('autre')
  })

  it('and not of what has the same end', () => {
    expect(faultAt([{ field: 'counterparts', detail: 'x' }], 'parts')).toBeUndefined()
    expect(faultAt(FAULTS, 'parts')).toBe('poids positifs attendus')
  })
})

describe('faults of a part', () => {
  const TOLD = [
    { field: 'actions[0].staff[]', detail: 'au moins 0' },
    { field: 'actions[0]', detail: 'à revoir' },
    { field: 'staff', detail: 'dit 2 fois' },
  ]

  it('are told as from there, and no part tells those of another', () => {
    expect(faultsIn(TOLD, 'actions[0]')).toEqual([
      { field: 'staff[]', detail: 'au moins 0' },
      { field: '', detail: 'à revoir' },
    ])
    expect(toldOf(TOLD, 'staff')).toBe('dit 2 fois')
  })

  it('are told where no field says them', () => {
    expect(toldElsewhere(faultsIn(TOLD, 'actions[0]'), ['staff'])).toBe('à revoir')
    expect(toldElsewhere(TOLD, ['actions', 'staff'])).toBeUndefined()
  })
})

describe('numbers', () => {
  it('are typed as each language writes them', () => {
    expect(decimal('1 234,5')).toBe('1234.5')
    expect(typed('1234.5', 'fr')).toBe('1234,5')
    expect(typed('1234.5', 'en')).toBe('1234.5')
    expect(typed(null, 'fr')).toBe('')
  })
})
