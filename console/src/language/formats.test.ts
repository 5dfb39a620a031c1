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

test('days are said in words, what they share once', () => {
  const from = (first: string, last: string, formats = fr) =>
    formats.days(new Date(`${first}T12:00Z`), new Date(`${last}T12:00Z`))
  expect(from('2024-12-01', '2024-12-31')).toBe('du 1er au 31 décembre 2024')
  expect(from('2024-11-27', '2024-12-03')).toBe('du 27 novembre au 3 décembre 2024')
  expect(from('2023-12-27', '2024-12-27')).toBe('du 27 décembre 2023 au 27 décembre 2024')
  expect(from('2024-11-05', '2024-12-05')).toBe('du 5 novembre au 5 décembre 2024')
  expect(from('2024-12-31', '2024-12-31')).toBe('le 31 décembre 2024')
  expect(from('2024-12-01', '2024-12-31', en)).toBe('from 1 to 31 December 2024')
})

test('how long ago is said in the largest unit that fits', () => {
  expect(fr.ago(new Date('2026-11-22T11:56:10Z'), now)).toBe('il y a 3\u00a0min'.replaceAll(' ', '\u00a0'))
  expect(fr.ago(new Date('2017-08-13T23:00:00Z'), now)).toBe('il y a 9 ans'.replaceAll(' ', '\u00a0'))
  expect(en.ago(new Date('2026-11-20T11:00:00Z'), now)).toBe('2\u00a0days\u00a0ago')
})

test('what has just come is not said to come', () => {
  expect(fr.ago(new Date('2026-11-22T12:00:09Z'), now)).toBe('il y a 0\u00a0s'.replaceAll(' ', '\u00a0'))
  expect(fr.ago(new Date('2026-11-22T14:00:00Z'), now)).toContain('dans')
})
