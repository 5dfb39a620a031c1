import { expect, test } from 'vitest'
import { rowOf, spanOf, withGaps, withLive, type Drawing } from '@/series/drawing'

const at = (time: string, value = 1) => ({
  time: new Date(time),
  value,
  text: null,
  place: null,
  quality: 0,
})

const measures = (...times: string[]): Drawing => ({
  shape: 'measures',
  rows: times.map((time) => rowOf(at(time))),
})

test('seven days are today and the six local days before', () => {
  // 23:30 UTC is already the 23rd in Paris.
  expect(spanOf('week', new Date('2026-11-22T23:30:00Z'), 'Europe/Paris').start).toBe('2026-11-17')
  expect(spanOf('week', new Date('2026-11-22T22:30:00Z'), 'Europe/Paris').start).toBe('2026-11-16')
})

test('thirty days are counted on the calendar, over a change of clocks too', () => {
  expect(spanOf('month', new Date('2026-11-22T12:00:00Z'), 'Europe/Paris').start).toBe('2026-10-24')
})

test('a line breaks where measures are more than three usual steps apart', () => {
  const drawing = measures(
    '2026-11-22T10:00:00Z',
    '2026-11-22T10:10:00Z',
    '2026-11-22T10:20:00Z',
    '2026-11-22T11:20:00Z',
  )
  expect(withGaps(drawing).map((row) => row.value)).toEqual([1, 1, 1, null, 1])
})

test('a line does not break at a step a little longer', () => {
  const drawing = measures(
    '2026-11-22T10:00:00Z',
    '2026-11-22T10:10:00Z',
    '2026-11-22T10:20:00Z',
    '2026-11-22T10:45:00Z',
  )
  expect(withGaps(drawing)).toHaveLength(4)
})

test('a live observation takes its place in time, or that of the one it corrects', () => {
  const drawing = measures('2026-11-22T10:00:00Z', '2026-11-22T10:20:00Z')
  const after = withLive(drawing, [at('2026-11-22T10:10:00Z', 2), at('2026-11-22T10:20:00Z', 3)])
  expect(after.rows.map((row) => row.value)).toEqual([1, 2, 3])
})
