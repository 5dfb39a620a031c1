import { expect, test } from 'vitest'
import type { Agreement } from '@/api/schema'
import { newsOf } from '@/agreements/news'

const one = (changes: Partial<Agreement> = {}): Agreement => ({
  key: 'agr-1',
  giver: 'a',
  receiver: 'b',
  right: 'read',
  purpose: 'Leaks',
  service: 'water',
  valid_from: '2026-11-01T00:00:00Z',
  created: '2026-11-01T00:00:00Z',
  created_by: 'per-1',
  ...changes,
})
const kinds = (before: Agreement[], after: Agreement[], of: string) =>
  newsOf(before, after, of).map(({ kind }) => kind)

test('what was not there is given by one side and received by the other', () => {
  expect(kinds([], [one()], 'a')).toEqual(['given'])
  expect(kinds([], [one()], 'b')).toEqual(['received'])
})

test('what is revoked has ended for its giver and was taken back from its receiver', () => {
  const revoked = one({ revoked_at: '2026-11-02T00:00:00Z' })
  expect(kinds([one()], [revoked], 'a')).toEqual(['ended'])
  expect(kinds([one()], [revoked], 'b')).toEqual(['taken back'])
})

test('what stayed as it was is no news', () => {
  expect(kinds([one()], [one()], 'a')).toEqual([])
})
