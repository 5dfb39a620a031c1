import { expect, test } from 'vitest'
import type { Card } from '@/api/schema'
import { moved, viewOf } from '@/dashboards/view'

const cards = ['a', 'b', 'c'].map((title): Card => ({ kind: 'text', title }))
const titles = (some: Card[]) => some.map(({ title }) => title).join('')

test('a card is moved before or after the others', () => {
  expect(titles(moved(cards, 0, 2))).toBe('bca')
  expect(titles(moved(cards, 2, 0))).toBe('cab')
})

test('a card goes no further than the ends', () => {
  expect(titles(moved(cards, 0, -1))).toBe('abc')
  expect(titles(moved(cards, 2, 3))).toBe('abc')
})

test('an address is read with care', () => {
  expect(viewOf({ period: 'year', wall: 30, embed: 1, owner: '' })).toEqual({
    period: 'year',
    wall: 30,
    embed: true,
  })
  expect(viewOf({ wall: 1, embed: 'yes', period: 'age' })).toEqual({})
})
