import { expect, test } from 'vitest'
import { formatsOf } from '@/language/formats'

const fr = formatsOf('fr', 'Europe/Paris')
const en = formatsOf('en', 'Europe/Paris')
const now = new Date('2026-11-22T12:00:00Z')

test('numbers are written as in the language of the reader', () => {
  expect(fr.number(1234.5678)).toBe('1\u202f235')
  expect(en.number(1234.5678)).toBe('1,235')
  expect(fr.number(-0.01234)).toBe('−0,01234')
})

test('a value keeps its unit on its line', () => {
  expect(fr.quantity(12.5, '°C')).toBe('12,5\u202f°C')
  expect(fr.quantity(3, '')).toBe('3')
})

test('times are those of the territory, not of the reader', () => {
  expect(fr.time(now)).toBe('13:00')
  expect(formatsOf('fr', 'America/Guadeloupe').time(now)).toBe('08:00')
})

test('how long ago is said in the largest unit that fits', () => {
  expect(fr.ago(new Date('2026-11-22T11:56:10Z'), now)).toBe('il y a 3\u00a0min'.replaceAll(' ', '\u00a0'))
  expect(en.ago(new Date('2026-11-20T11:00:00Z'), now)).toBe('2\u00a0days\u00a0ago')
})
