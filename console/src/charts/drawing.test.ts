import { expect, test } from 'vitest'
import { rowOf, withGaps, withLive, type Drawing } from '@/charts/drawing'

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

const span = { start: new Date('2026-11-22T10:00:00Z'), end: new Date('2026-11-22T11:00:00Z') }

test('a live observation takes its place in time, or that of the one it corrects', () => {
  const drawing = measures('2026-11-22T10:00:00Z', '2026-11-22T10:20:00Z')
  const after = withLive(drawing, span, [at('2026-11-22T10:10:00Z', 2), at('2026-11-22T10:20:00Z', 3)])
  expect(after.rows.map((row) => row.value)).toEqual([1, 2, 3])
})

test('what is observed outside of the period shown is not drawn', () => {
  const drawing = measures('2026-11-22T10:00:00Z')
  expect(withLive(drawing, span, [at('2026-11-22T11:00:00Z'), at('2026-11-22T09:50:00Z')])).toBe(drawing)
})
