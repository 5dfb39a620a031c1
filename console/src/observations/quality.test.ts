import { expect, test } from 'vitest'
import { isDoubtful, qualityWords } from '@/observations/quality'

test('being simulated is no doubt, and is not said for each observation', () => {
  expect(isDoubtful(256)).toBe(false)
  expect(qualityWords(256)).toEqual([])
})

test('each bit has its word', () => {
  expect(qualityWords(1 + 4 + 256)).toEqual(['outOfRange', 'late'])
  expect(isDoubtful(1 + 4)).toBe(true)
})
