import { expect, test } from 'vitest'
import { ProblemError } from '@/api/client'
import { after } from '@/connections/link'

const answered = { isError: false, error: null, errorUpdatedAt: 0, isSuccess: true, dataUpdatedAt: 2_000 }
const failed = {
  isError: true,
  error: new ProblemError({ type: 'about:blank', title: 'unreachable', status: 0 }),
  errorUpdatedAt: 1_000,
  isSuccess: false,
  dataUpdatedAt: 0,
}

test('a link is lost since its first failure, and back since the first answer', () => {
  const lost = after({ state: 'open' }, failed)
  expect(lost).toEqual({ state: 'lost', since: new Date(1_000) })
  expect(after(lost, { ...failed, errorUpdatedAt: 1_500 })).toBe(lost)
  expect(after(lost, answered)).toEqual({ state: 'open', backSince: new Date(2_000) })
})

test('a refusal ends it', () => {
  const refusal = new ProblemError({ type: 'about:blank', title: 'Introuvable', status: 404 })
  expect(after({ state: 'open' }, { ...failed, error: refusal })).toEqual({ state: 'ended' })
})
