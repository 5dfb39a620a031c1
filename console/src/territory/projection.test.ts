import { expect, test } from 'vitest'
import { labelsOf, projectedOn, ringsOf } from '@/territory/projection'

const point = (name: string, x: number, y: number, devices = 5) => ({ name, x, y, devices, radius: 5 })

test('north is up, west is left, nothing leaves the picture', () => {
  const { project, height } = projectedOn(
    [
      { longitude: -2, latitude: 47 },
      { longitude: -1, latitude: 46 },
    ],
    500,
  )
  const [northWest, southEast] = [
    project({ longitude: -2, latitude: 47 }),
    project({ longitude: -1, latitude: 46 }),
  ]
  expect(northWest.x).toBeLessThan(southEast.x)
  expect(northWest.y).toBeLessThan(southEast.y)
  expect(southEast.x).toBeLessThanOrEqual(500)
  expect(southEast.y).toBeLessThanOrEqual(height)
})

test('two names never cover each other', () => {
  const labels = labelsOf([point('Les Herbiers', 100, 100), point('Les Epesses', 104, 100)], 400, 14)
  expect(labels.map((label) => label.anchor)).toEqual(['start', 'end'])
})

test('a collectivité without devices has no name on the map', () => {
  expect(labelsOf([point('Antigny', 100, 100, 0)], 400, 14)).toEqual([])
})

test('a feature of a multipolygon gives all its rings', () => {
  const ring = [
    [-2, 46],
    [-1, 46],
    [-1, 47],
    [-2, 46],
  ]
  const feature = { type: 'Feature', geometry: { type: 'MultiPolygon', coordinates: [[ring], [ring, ring]] } }
  expect(ringsOf(feature)).toHaveLength(3)
  expect(ringsOf(null)).toEqual([])
})
