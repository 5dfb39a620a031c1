import { expect, test } from 'vitest'
import type { Row } from '@/charts/drawing'
import { broken, nearest, positionOf } from '@/charts/curves'

const HOUR = 3_600_000
const row = (hour: number, value: number | null = hour): Row => ({
  start: new Date(hour * HOUR),
  end: new Date((hour + 1) * HOUR),
  value,
  min: null,
  max: null,
  doubtful: 0,
  observation: null,
})

test('a gap breaks the line, a late hour does not', () => {
  expect(broken([row(0), row(1), row(2), row(9), row(10)]).map(({ value }) => value)).toEqual([
    0,
    1,
    2,
    null,
    9,
    10,
  ])
  expect(broken([row(0), row(1), row(3), row(4)]).map(({ value }) => value)).toEqual([0, 1, 3, 4])
})

test('a mean stands in the middle of its bucket, a growth at its start', () => {
  expect(positionOf(row(2), false)).toBe(2.5 * 3600)
  expect(positionOf(row(2), true)).toBe(2 * 3600)
})

test('what is read at an instant is the nearest value, and none far away', () => {
  const rows = [row(0), row(1), row(2), row(9)]
  expect(nearest(rows, 1.6 * 3600, false)?.value).toBe(1)
  expect(nearest(rows, 6 * 3600, false)).toBeNull()
  expect(nearest([], 0, false)).toBeNull()
})
