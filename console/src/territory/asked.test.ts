import { expect, test } from 'vitest'
import { shownOf } from '@/territory/asked'

test('an asset is asked by its number, anything else is nothing', () => {
  expect(shownOf({ asset: 12 })).toEqual({ asset: 12 })
  expect(shownOf({ asset: '12' })).toEqual({ asset: 12 })
  for (const asset of [undefined, 'x', -1, 0, 1.5, null]) expect(shownOf({ asset })).toEqual({})
})
