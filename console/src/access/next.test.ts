import { expect, test } from 'vitest'
import { nextOf } from '@/access/next'
import { tokenOf } from '@/access/token'

test('a place of the console is kept', () => {
  expect(nextOf({ next: '/series/12?period=week' })).toEqual({ next: '/series/12?period=week' })
})

test.each(['//elsewhere.example', '/\\elsewhere.example', 'https://elsewhere.example', 12, undefined])(
  'another site is not: %s',
  (next) => {
    expect(nextOf({ next })).toEqual({})
  },
)

test('a token is read from the fragment', () => {
  expect(tokenOf('#token=a-b_c')).toBe('a-b_c')
  expect(tokenOf('token=a')).toBe('a')
  expect(tokenOf('')).toBeNull()
})
