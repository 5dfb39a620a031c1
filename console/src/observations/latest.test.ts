import { expect, test } from 'vitest'
import type { Columns } from '@/observations/columns'
import { newerOf } from '@/observations/latest'

const columns = (rows: [series: number, time: string, value: number][]): Columns => ({
  series: rows.map((row) => row[0]),
  time: rows.map((row) => row[1]),
  value: rows.map((row) => row[2]),
  quality: rows.map(() => 0),
})

test('a later observation takes the place of the one known', () => {
  const known = newerOf(new Map(), columns([[1, '2026-11-22T10:00:00Z', 5]]))
  const after = newerOf(known, columns([[1, '2026-11-22T10:10:00Z', 6]]))
  expect(after.get(1)?.value).toBe(6)
})

test('an observation that arrives late changes nothing', () => {
  const known = newerOf(new Map(), columns([[1, '2026-11-22T10:00:00Z', 5]]))
  expect(newerOf(known, columns([[1, '2026-11-22T09:00:00Z', 4]]))).toBe(known)
})

test('of several in one batch, the greatest time is kept whatever their order', () => {
  const batch = columns([
    [1, '2026-11-22T10:10:00Z', 6],
    [1, '2026-11-22T10:00:00Z', 5],
  ])
  expect(newerOf(new Map(), batch).get(1)?.value).toBe(6)
})
