import { expect, test } from 'vitest'
import { boundsOf, cellsOf, stepOf, type DayFigure } from '@/charts/calendar'

const figure = (value: number | null): DayFigure => ({
  day: '2026-01-01',
  value,
  min: null,
  max: null,
  count: 1,
  doubtful: 0,
})

test('a year has all its days, one a cell, Mondays on top', () => {
  const cells = cellsOf(2026)
  expect(cells).toHaveLength(365)
  expect(cells[0]).toEqual({ day: '2026-01-01', week: 0, weekday: 3 })
  expect(cells[4]).toEqual({ day: '2026-01-05', week: 1, weekday: 0 })
  expect(cells.at(-1)?.day).toBe('2026-12-31')
})

test('a leap year has the 29th of February', () => {
  expect(cellsOf(2024).map(({ day }) => day)).toContain('2024-02-29')
  expect(cellsOf(2024)).toHaveLength(366)
})

test('as many days are in each step, whatever one odd day says', () => {
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10_000]
  const bounds = boundsOf(values.map(figure))
  const steps = values.map((value) => stepOf(value, bounds))
  expect(steps).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
})

test('days without a measure do not count', () => {
  expect(boundsOf([figure(null)])).toEqual([])
  expect(boundsOf([figure(null), figure(3)])).toEqual([3, 3, 3, 3])
})
