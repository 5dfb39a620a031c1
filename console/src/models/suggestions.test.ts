import { expect, test } from 'vitest'
import type { ObservedProperty } from '@/api/schema'
import { ASIDE, channelOf, draftsOf } from '@/models/suggestions'

const properties = ['temperature', 'relative-humidity'].map((code): ObservedProperty => ({
  code,
  unit: '',
  value_kind: 'number',
  name_fr: code,
  name_en: code,
}))

test('a value is proposed as the property of the same name, or as nothing', () => {
  const tried = [
    { key: 'air.relativeHumidity', decoded: 40 },
    { key: 'x', decoded: 1 },
  ]
  expect(draftsOf([], tried, properties).map((one) => one.property)).toEqual(['relative-humidity', ''])
})

test('what was said before comes first, with its example of now', () => {
  const known = [{ key: 'temperature', observed_property: 'temperature', unit: 'K' }, { key: 'name' }]
  const drafts = draftsOf(known, [{ key: 'temperature', decoded: 280 }], properties)
  expect(drafts.map((one) => [one.key, one.example, one.property, one.unit])).toEqual([
    ['temperature', 280, 'temperature', 'K'],
    ['name', undefined, ASIDE, ''],
  ])
})

test('bounds said before are kept with the same property, and go with another', () => {
  const known = { key: 't', observed_property: 'temperature', low: 0, high: 50 }
  const draft = { key: 't', example: 1, property: 'temperature', unit: '', known }
  expect(channelOf(draft)).toEqual({ ...known, unit: null })
  expect(channelOf({ ...draft, property: 'relative-humidity' })).toEqual({
    key: 't',
    observed_property: 'relative-humidity',
    unit: null,
  })
  expect(channelOf({ ...draft, property: ASIDE })).toEqual({ key: 't' })
})
