import { expect, test } from 'vitest'
import { moved, placed } from '@/pooling/ranked'
import type { Ranking } from '@/api/schema'

const WEIGHTS = { need: 0.5, will: 0.3, level: 0.2 }

test('the others keep their proportions when a weight moves, and all make one', () => {
  const found = moved(WEIGHTS, 'need', 0.75)
  expect(found.need).toBe(0.75)
  expect((found.will ?? 0) / (found.level ?? 1)).toBeCloseTo(1.5)
  expect(Object.values(found).reduce((sum, one) => sum + one, 0)).toBeCloseTo(1)
})

test('a weight that takes all leaves the others nothing, and gives it back in equal parts', () => {
  const all = moved(WEIGHTS, 'need', 1)
  expect(all).toEqual({ need: 1, will: 0, level: 0 })
  expect(moved(all, 'need', 0)).toEqual({ need: 0, will: 0.5, level: 0.5 })
})

test('the order follows the weights, and equals share a place', () => {
  const action = (name: string, need: number, will: number) => ({
    action: name,
    place: 1,
    net: 0,
    leaving: 0,
    entering: 0,
    by_criterion: { need, will },
  })
  const ranking = {
    actions: [action('A', 1, -1), action('B', -1, 1), action('C', 1, -1)],
  } as unknown as Ranking
  expect(placed(ranking, { need: 0.2, will: 0.8 }).map((one) => [one.action, one.place])).toEqual([
    ['B', 1],
    ['A', 2],
    ['C', 2],
  ])
  expect(placed(ranking, { need: 0.8, will: 0.2 })[0]?.action).toBe('A')
})
