import { expect, test } from 'vitest'
import { stretches } from '@/pooling/trying/weeks'

const weeks = [1, 2, null, 4, 5, 6].map((cohort, place) => ({
  start: `2026-01-0${place + 1}`,
  cohort,
  comparison: null,
}))

test('a gap is a gap, and the periods are not joined', () => {
  const found = stretches(weeks, 4, (one) => one.cohort)
  expect(found).toEqual([
    [
      [0, 1],
      [1, 2],
    ],
    [[3, 4]],
    [
      [4, 5],
      [5, 6],
    ],
  ])
})

test('a group without a figure draws nothing', () => {
  expect(stretches(weeks, 4, (one) => one.comparison)).toEqual([])
})
