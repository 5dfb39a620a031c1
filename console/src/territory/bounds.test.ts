import { expect, test } from 'vitest'
import { boundsOf, middleOf } from '@/territory/bounds'

const ring = [
  [-2, 46],
  [-1, 46],
  [-1, 47],
  [-2, 46],
]

test('what holds a polygon, a multipolygon and a point', () => {
  expect(boundsOf([{ geometry: { type: 'Polygon', coordinates: [ring] } }])).toEqual([-2, 46, -1, 47])
  expect(
    boundsOf([
      { geometry: { type: 'MultiPolygon', coordinates: [[ring], [ring]] } },
      { geometry: { type: 'Point', coordinates: [0, 48] } },
    ]),
  ).toEqual([-2, 46, 0, 48])
})

test('nothing holds nothing', () => {
  expect(boundsOf([])).toBeNull()
  expect(boundsOf([{}])).toBeNull()
})

test('the middle of a box', () => {
  expect(middleOf([-2, 46, -1, 47])).toEqual([-1.5, 46.5])
})
