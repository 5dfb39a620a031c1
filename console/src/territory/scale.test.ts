import { expect, test } from 'vitest'
import { colourOf, scaleOf } from '@/territory/scale'

test('classes hold about as many places each, at round limits', () => {
  const scale = scaleOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 100], 'light')
  expect(scale.breaks).toEqual([3, 5, 7, 9])
  expect(new Set(scale.colours).size).toBe(5)
})

test('limits are told as finely as the values differ', () => {
  expect(scaleOf([19.21, 19.43, 19.68, 19.94, 20.31], 'light').breaks).toEqual([19.4, 19.7, 19.9, 20.3])
})

test('where few have much and many have little, the little still differ', () => {
  expect(scaleOf([1, 2, 3, 4, 6, 8, 11, 15, 40, 400], 'light').breaks).toEqual([3, 6, 11, 40])
})

test('equal values are one class', () => {
  const scale = scaleOf([4, 4, 4], 'light')
  expect(scale.breaks).toEqual([])
  expect(scale.colours).toHaveLength(1)
  expect(colourOf(scale, 4)).toBe(scale.colours[0])
})

test('no value at all has no class to fall in but one', () => {
  expect(scaleOf([], 'dark').colours).toHaveLength(1)
})

test('a value at a limit is in the class above', () => {
  const scale = scaleOf([0, 10, 20, 30, 40], 'light')
  expect(colourOf(scale, 10)).toBe(scale.colours[1])
  expect(colourOf(scale, 9.9)).toBe(scale.colours[0])
  expect(colourOf(scale, 1000)).toBe(scale.colours.at(-1))
})

test('more is darker on a light page, lighter on a dark one', () => {
  const values = [1, 2, 3, 4, 5]
  expect(scaleOf(values, 'light').colours.at(-1)).toBe('#00224e')
  expect(scaleOf(values, 'dark').colours.at(-1)).toBe('#fee838')
})
