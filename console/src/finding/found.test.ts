import { expect, test } from 'vitest'
import { named } from '@/finding/found'

const commune = (name: string, code: string) =>
  ({ key: `commune-${code}`, kind: 'commune', code, name }) as const

test('accents and case do not matter, whole names come first', () => {
  const all = [commune('Saint-Étienne-du-Bois', '85210'), commune('Étienne', '85001')]
  expect(named(all, 'etienne').map((one) => one.code)).toEqual(['85001', '85210'])
})

test('an official code finds its commune', () => {
  expect(named([commune('Luçon', '85128')], '85128')).toHaveLength(1)
  expect(named([commune('Luçon', '85128')], '8512')).toHaveLength(0)
})
