import { expect, test } from 'vitest'
import type { Series } from '@/api/schema'
import { candidatesOf, groupOf, placed } from '@/pooling/trying/draft'

const series = (id: number, more: Partial<Series>): Series => ({
  id,
  owner: 'commune-1',
  code: `${id}`,
  name: `Série ${id}`,
  observed_property: 'electrical-energy',
  value_kind: 'counter',
  unit: 'kWh',
  service: 'buildings',
  ...more,
})

test('a unit that several series measure is there once', () => {
  const found = candidatesOf([series(1, { asset: 7 }), series(2, { asset: 7 }), series(3, {})], 'asset')
  expect(found.map((one) => one.unit)).toEqual([7])
  expect(candidatesOf([series(1, {}), series(2, {})], 'collectivity')).toHaveLength(1)
})

test('a unit is in one group only, whichever it is put in last', () => {
  const first = placed({ cohort: [], comparison: [] }, [1, 2], 'cohort')
  const then = placed(first, [2, 3], 'comparison')
  expect(then).toEqual({ cohort: [1], comparison: [2, 3] })
  expect(groupOf(then, 2)).toBe('comparison')
  expect(placed(then, [1, 2, 3], '')).toEqual({ cohort: [], comparison: [] })
})
