import { expect, test } from 'vitest'
import type { Series } from '@/api/schema'
import { sentWith } from '@/devices/sent'

const time = new Date('2026-11-22T10:00:00Z')
const message = (text: string) => ({ time, value: null, text, place: null, quality: 0 })
const temperature = { id: 7, name: 'Température', unit: '°C', value_kind: 'number' } as Series

test('a message carries the values of its own moment, and no other', () => {
  const columns = {
    series: [7, 7],
    time: ['2026-11-22T10:00:00Z', '2026-11-22T10:10:00Z'],
    value: [21.5, 22],
    quality: [0, 0],
  }
  const [one] = sentWith([message('{"port":2}')], columns, [temperature])
  expect(one?.told.port).toBe(2)
  expect(one?.values.map(({ observation }) => observation.value)).toEqual([21.5])
})

test('what is no JSON is shown as it is', () => {
  const [one] = sentWith([message('not json')], null, [])
  expect(one).toEqual({ time, told: {}, raw: 'not json', values: [] })
  expect(sentWith([message('3')], null, [])[0]?.told).toEqual({})
})
