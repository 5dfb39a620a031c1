import { expect, test } from 'vitest'
import { filtersOf, USUAL } from '@/devices/filters'

test('an address is read with care', () => {
  expect(filtersOf({ q: 'salle', state: 'silent', kind: 'boat', owner: '', model: 4 })).toEqual({
    q: 'salle',
    state: 'silent',
  })
})

test('columns are told only when they are not the usual ones', () => {
  expect(filtersOf({ columns: [...USUAL] })).toEqual({})
  expect(filtersOf({ columns: ['rssi', 'state', 'nothing'] })).toEqual({ columns: ['state', 'rssi'] })
})
