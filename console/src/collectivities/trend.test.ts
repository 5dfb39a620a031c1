import { expect, test } from 'vitest'
import { changeOf, linesOf } from '@/collectivities/trend'

test('a consumption changes in percent, a temperature in degrees, a share in points', () => {
  expect(changeOf(100, 112, 'kWh')).toMatchObject({ unit: '%', steady: false })
  expect(changeOf(100, 112, 'kWh')?.by).toBeCloseTo(12)
  expect(changeOf(18, 19.5, '°C')).toEqual({ by: 1.5, unit: '°C', steady: false })
  expect(changeOf(40, 38, '%')).toEqual({ by: -2, unit: 'pt', steady: false })
})

test('what is not known, or was nothing, has no change', () => {
  expect(changeOf(null, 3, 'kWh')).toBeNull()
  expect(changeOf(3, undefined, 'kWh')).toBeNull()
  expect(changeOf(0, 3, 'kWh')).toBeNull()
})

test('a change too small to be told is steady', () => {
  expect(changeOf(1000, 1001, 'kWh')?.steady).toBe(true)
  expect(changeOf(20, 20.04, '°C')?.steady).toBe(true)
})

test('a missing day breaks the line', () => {
  const days = [1, 2, 4, 5].map((day) => ({ day: `2026-11-0${day}`, value: day }))
  const lines = linesOf(days, 100, 10)
  expect(lines.map((line) => line.length)).toEqual([2, 2])
  expect(lines[0]?.[0]).toEqual({ x: 0, y: 10 })
  expect(lines[1]?.[1]).toEqual({ x: 100, y: 0 })
})

test('a change of clocks is no missing day', () => {
  const days = ['2026-10-24', '2026-10-25', '2026-10-26'].map((day) => ({ day, value: 1 }))
  expect(linesOf(days, 100, 10)).toHaveLength(1)
})
