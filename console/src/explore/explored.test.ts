import { expect, test } from 'vitest'
import { daysEarlier, exploredOf, zoomed } from '@/explore/explored'

const span = (start: string, end: string) => ({ start: new Date(start), end: new Date(end) })
const year = span('2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z')

test('an address is read with care', () => {
  expect(
    exploredOf({ series: [3, 'x', 3, -1, 4], every: '1h', of: 'median', compare: 'week', period: 'year' }),
  ).toEqual({
    series: [3, 4],
    every: '1h',
    compare: 'week',
    period: 'year',
  })
  expect(exploredOf({ series: 'all', from: '2025-01-02', to: '2025-01-01T00:00:00Z' })).toEqual({})
  expect(exploredOf({ from: '2025-01-02T00:00:00Z', to: '2025-01-01T00:00:00Z' })).toEqual({})
})

test('at most eight series can be told apart', () => {
  expect(exploredOf({ series: [1, 2, 3, 4, 5, 6, 7, 8, 9] }).series).toHaveLength(8)
})

test('a year earlier is the same day of the week', () => {
  expect(daysEarlier('year', year) % 7).toBe(0)
  expect(daysEarlier('period', span('2025-01-01T00:00:00Z', '2025-01-31T00:00:00Z'))).toBe(30)
})

test('closer is half as long, around the same middle', () => {
  const closer = zoomed(span('2025-01-01T00:00:00Z', '2025-01-03T00:00:00Z'), 0.5)
  expect(closer).toEqual(span('2025-01-01T12:00:00Z', '2025-01-02T12:00:00Z'))
})
