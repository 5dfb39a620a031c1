import { expect, test } from 'vitest'
import { bucketFor, daysLater, resolutionOf } from '@/charts/resolution'

const span = (start: string, end: string) => ({ start: new Date(start), end: new Date(end) })
const year = span('2025-01-01T00:00:00Z', '2026-01-01T00:00:00Z')

test('a year is drawn with about a point a pixel', () => {
  expect(resolutionOf('auto', year, 1100)).toBe('12h')
  expect(resolutionOf('auto', year, 300)).toBe('1w')
})

test('a day is drawn measure by measure, and what is asked is what is drawn', () => {
  expect(resolutionOf('auto', span('2025-01-01T00:00:00Z', '2025-01-02T00:00:00Z'), 1100)).toBe('raw')
  expect(resolutionOf('1d', year, 1100)).toBe('1d')
})

test('ten years on a phone still fit', () => {
  expect(bucketFor(10 * 365 * 86_400_000, 300)).toBe('1mo')
})

test('noon is noon a week later, over a change of clocks too', () => {
  const later = daysLater(new Date('2026-03-25T11:00:00Z'), 7, 'Europe/Paris')
  expect(later.toISOString()).toBe('2026-04-01T10:00:00.000Z')
})
