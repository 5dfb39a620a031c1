import { expect, test } from 'vitest'
import { languageOf } from '@/language/order'

test('what the reader chose here goes first', () => {
  expect(languageOf({ chosen: 'en', account: 'fr', browser: ['fr-FR'] })).toBe('en')
})

test('then what the account says', () => {
  expect(languageOf({ chosen: null, account: 'en', browser: ['fr-FR'] })).toBe('en')
  expect(languageOf({ chosen: 'klingon', account: 'en', browser: ['fr-FR'] })).toBe('en')
})

test('then what the browser prefers among those known', () => {
  expect(languageOf({ chosen: null, account: null, browser: ['de-DE', 'en-GB', 'fr-FR'] })).toBe('en')
})

test('French when nothing is known', () => {
  expect(languageOf({ chosen: null, account: null, browser: ['de-DE'] })).toBe('fr')
})
