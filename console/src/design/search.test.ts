import { expect, test } from 'vitest'
import { matches } from '@/design/search'

test('accents, case and punctuation do not matter', () => {
  expect(matches('Saint-Jean-de-Monts', 'saint jean')).toBe(true)
  expect(matches('Coëx', 'coex')).toBe(true)
  expect(matches("L'Île-d'Olonne", 'ile olonne')).toBe(true)
})

test('a word is found by its beginning only', () => {
  expect(matches('Les Herbiers', 'her')).toBe(true)
  expect(matches('Les Herbiers', 'bier')).toBe(false)
})

test('nothing asked, everything found', () => {
  expect(matches('Luçon', '')).toBe(true)
})
