import { expect, test } from 'vitest'
import { askedOf, choiceOf, dayOf, midnightOf, spanOf, stepped, type Period } from '@/charts/period'

const PARIS = 'Europe/Paris'
const now = new Date('2026-11-22T12:30:00Z')
const opened = (newest: string | null, period?: Period) =>
  choiceOf(period ? { period } : {}, newest === null ? null : new Date(newest), now, PARIS)

test('seven days are today and the six local days before', () => {
  const start = (moment: string) =>
    dayOf(spanOf({ period: 'week', until: null }, new Date(moment), PARIS).start, PARIS)
  // 23:30 UTC is already the 23rd in Paris.
  expect(start('2026-11-22T23:30:00Z')).toBe('2026-11-17')
  expect(start('2026-11-22T22:30:00Z')).toBe('2026-11-16')
})

test('thirty days are counted on the calendar, over a change of clocks too', () => {
  const { start } = spanOf({ period: 'month', until: null }, now, PARIS)
  expect(start.toISOString()).toBe('2026-10-23T22:00:00.000Z')
})

test('a period of the past holds its last day whole', () => {
  const span = spanOf({ period: 'year', until: '2024-12-31' }, now, PARIS)
  expect(span.start.toISOString()).toBe('2023-12-31T23:00:00.000Z')
  expect(span.end.toISOString()).toBe('2024-12-31T23:00:00.000Z')
})

test.each([
  ['2026-03-29', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25', '2026-10-24T22:00:00.000Z'],
  ['2026-10-26', '2026-10-25T23:00:00.000Z'],
] as const)('%s begins at %s in Paris, whatever the clocks do', (day, instant) => {
  expect(midnightOf(day, PARIS).toISOString()).toBe(instant)
})

test('a day begins later beyond the ocean', () => {
  expect(midnightOf('2026-11-22', 'America/Guadeloupe').toISOString()).toBe('2026-11-22T04:00:00.000Z')
})

test('fresh data open on the last 24 hours', () => {
  expect(opened('2026-11-22T12:20:00Z')).toEqual({ period: 'day', until: null })
})

test('a clock a little ahead of ours changes nothing', () => {
  expect(opened('2026-11-22T12:31:00Z')).toEqual({ period: 'day', until: null })
})

test('data of last week open on the 30 days up to now', () => {
  expect(opened('2026-11-15T12:00:00Z')).toEqual({ period: 'month', until: null })
})

test('older data open on the 30 days that end with the newest', () => {
  // The last hour of the 13th in UTC is already the 14th in Paris.
  expect(opened('2017-08-13T23:00:00Z')).toEqual({ period: 'month', until: '2017-08-14' })
})

test('data of tomorrow are shown too', () => {
  expect(opened('2026-11-23T12:00:00Z', 'day')).toEqual({ period: 'day', until: '2026-11-23' })
})

test('a period asked without its end goes where the newest data are', () => {
  expect(opened('2026-11-19T12:00:00Z', 'day')).toEqual({ period: 'day', until: '2026-11-19' })
  expect(opened('2026-11-19T12:00:00Z', 'week')).toEqual({ period: 'week', until: null })
})

test('an end asked is kept, wherever the data are; today is now', () => {
  const until = (day: '2020-02-29' | '2026-11-22') =>
    choiceOf({ period: 'week', until: day }, null, now, PARIS).until
  expect(until('2020-02-29')).toBe('2020-02-29')
  expect(until('2026-11-22')).toBeNull()
})

test('nothing ever received opens on the last 24 hours', () => {
  expect(opened(null)).toEqual({ period: 'day', until: null })
})

test.each([
  ['day', '2026-10-25', '2026-10-24', '2026-10-26'],
  ['week', '2026-11-22', '2026-11-15', '2026-11-29'],
  ['month', '2026-11-22', '2026-10-23', '2026-12-22'],
  ['year', '2024-12-31', '2023-12-31', '2025-12-31'],
  ['year', '2024-02-29', '2023-02-28', '2025-02-28'],
] as const)('a step of one %s from %s', (period, until, before, after) => {
  expect(stepped(until, period, -1)).toBe(before)
  expect(stepped(until, period, 1)).toBe(after)
})

test('periods that follow one another leave nothing out', () => {
  for (const period of ['day', 'week', 'month', 'year'] as const) {
    const { start } = spanOf({ period, until: '2024-03-01' }, now, PARIS)
    const before = spanOf({ period, until: stepped('2024-03-01', period, -1) }, now, PARIS)
    expect(before.end).toEqual(start)
  }
})

test('the address is read with care', () => {
  expect(askedOf({ period: 'year', until: '2024-12-31', other: 1 })).toEqual({
    period: 'year',
    until: '2024-12-31',
  })
  expect(askedOf({ period: 'century', until: '2023-02-29' })).toEqual({})
  expect(askedOf({ until: 20241231 })).toEqual({})
  expect(askedOf({ until: '0017-08-13' })).toEqual({})
})
