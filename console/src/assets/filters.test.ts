import { expect, test } from 'vitest'
import { assetFiltersOf } from '@/assets/filters'

test('an address narrows the list by what it knows, and by nothing else', () => {
  expect(assetFiltersOf({ q: 'mairie', kind: 'building', owner: '', service: 3, other: 'x' })).toEqual({
    q: 'mairie',
    kind: 'building',
  })
})
