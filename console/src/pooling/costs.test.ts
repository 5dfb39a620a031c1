import { describe, expect, it } from 'vitest'
import type { CostModel } from '@/api/schema'
import { costOf, draftOf, emptyCost } from '@/pooling/costs'

type Cost = CostModel['costs'][number]

const COSTS = [
  { kind: 'fixed', name: 'plateforme', amount: '9000', vat: '20' },
  { kind: 'per-unit', name: '', unit: 'members', price: '12.5' },
  { kind: 'stepped', name: '', unit: 'devices', steps: [{ amount: '10', up_to: '5' }, { amount: '20' }] },
  { kind: 'packs', name: '', unit: 'devices', size: '100', price: '30' },
  {
    kind: 'slices',
    name: '',
    unit: 'devices',
    rates: [
      { price: '3', from: '0' },
      { price: '2', from: '50' },
    ],
  },
  { kind: 'all-units', name: '', unit: 'devices', rates: [{ price: '3', from: '0' }] },
  {
    kind: 'investment',
    name: 'logiciel',
    amount: '36000',
    vat: '20',
    years: 8,
    fctva: false,
    fctva_rate: '16.404',
    own_part: '20',
    commissioned: '2027-07-02',
    subsidies: [{ source: 'FEDER', rate: '40', public: true }],
  },
] as unknown as Cost[]

describe('a cost', () => {
  it.each(COSTS.map((cost) => [cost.kind, cost] as const))('%s is kept as it was read', (_, cost) => {
    expect(costOf(draftOf(cost, 'fr'))).toEqual(cost)
    expect(costOf(draftOf(cost, 'en'))).toEqual(cost)
  })

  it('is typed with a decimal comma', () => {
    expect(costOf({ ...emptyCost('per-unit'), amount: '1 234,5' })).toMatchObject({ price: '1234.5' })
  })
})
