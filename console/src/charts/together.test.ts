import { expect, test } from 'vitest'
import type { Row } from '@/charts/drawing'
import { panelsOf, tableOf, type Lane } from '@/charts/together'

const row = (second: number, value: number | null): Row => ({
  start: new Date(second * 1000),
  end: null,
  value,
  min: null,
  max: null,
  doubtful: 0,
  observation: null,
})
const lane = (key: string, unit: string, rows: Row[] = []): Lane => ({
  key,
  name: key,
  unit,
  place: 0,
  dashed: false,
  counter: false,
  rows,
})
const start = ({ start }: Row) => start.getTime() / 1000

test('two units share a picture, each with its axis', () => {
  const panels = panelsOf([lane('a', '°C'), lane('b', 'ppm'), lane('c', '°C')])
  expect(panels.map(({ units }) => units)).toEqual([['°C', 'ppm']])
})

test('three units are stacked, one picture a unit', () => {
  const panels = panelsOf([lane('a', '°C'), lane('b', 'ppm'), lane('c', '%'), lane('d', '°C')])
  expect(panels.map(({ units, lanes }) => [units[0], lanes.length])).toEqual([
    ['°C', 2],
    ['ppm', 1],
    ['%', 1],
  ])
})

test('a gap breaks its own line, and the times of others do not', () => {
  const table = tableOf(
    [lane('a', '', [row(0, 1), row(10, null), row(20, 3)]), lane('b', '', [row(5, 7)])],
    start,
  )
  expect(table.times).toEqual([0, 5, 10, 20])
  expect(table.columns.get('a')).toEqual([1, undefined, null, 3])
  expect(table.columns.get('b')).toEqual([undefined, 7, undefined, undefined])
})

test('nothing drawn is no picture', () => {
  expect(panelsOf([])).toEqual([])
  expect(tableOf([], start).times).toEqual([])
})
