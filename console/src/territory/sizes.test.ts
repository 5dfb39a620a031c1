import { expect, test } from 'vitest'
import { sizesFor } from '@/territory/sizes'

test('a small territory has the sizes of any other small one', () => {
  expect(sizesFor(40).radiusOf(20)).toBe(sizesFor(300).radiusOf(20))
  expect(sizesFor(40).samples).toEqual([1, 20, 100])
})

test('in a large territory the largest places still differ', () => {
  const { radiusOf, samples } = sizesFor(30_000)
  expect(radiusOf(30_000)).toBeCloseTo(18)
  expect(radiusOf(3_000)).toBeLessThan(9)
  expect(samples).toEqual([100, 1000, 10_000])
})

test('no place is drawn smaller than can be pointed at', () => {
  expect(sizesFor(500_000).radiusOf(1)).toBeGreaterThan(3)
})
