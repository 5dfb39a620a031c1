import { expect, test } from 'vitest'
import { meansOf, propertyOf, quiet, silentOf, unitOf } from '@/territory/shadings'

const overview = {
  owners: [
    { owner: 'commune-1', devices: 8, silent: 1, never: 1 },
    { owner: 'commune-2', devices: 0, silent: 0, never: 0 },
  ],
  services: [],
  observed: [],
  most: 100_000,
}
const temperature = {
  code: 'temperature',
  unit: '°C',
  value_kind: 'number',
  name_fr: '',
  name_en: '',
} as const
const occupancy = { ...temperature, code: 'occupancy', unit: '', value_kind: 'boolean' } as const

test('the share of silent devices is of those that have series, in percent', () => {
  expect([...silentOf(overview)]).toEqual([['commune-1', 25]])
  expect(quiet(overview)).toBe(2)
})

test('a mean of yes and no is a percentage, a mean of numbers is in their unit', () => {
  const measured = [{ owner: 'commune-1', mean: 0.25, series: 4, latest: '2026-11-22T10:00:00Z' }]
  expect(meansOf(measured, occupancy).get('commune-1')).toBe(25)
  expect(meansOf(measured, temperature).get('commune-1')).toBe(0.25)
  expect(unitOf('property:occupancy', occupancy)).toBe('%')
  expect(unitOf('property:temperature', temperature)).toBe('°C')
  expect(unitOf('devices', undefined)).toBe('')
})

test('a choice names the property it is of', () => {
  expect(propertyOf('property:co2')).toBe('co2')
  expect(propertyOf('silent')).toBeNull()
})
