import { expect, test } from 'vitest'
import { MOST, pictureOf, type Told } from '@/agreements/flows'

const names = { of: (key: string) => key.toUpperCase(), others: (count: number) => `${count} others` }
const told = (changes: Partial<Told> = {}): Told => ({
  giver: 'a',
  receiver: 'b',
  subject: 'water read',
  label: 'Water',
  detail: 'until Friday',
  operate: false,
  toCome: false,
  ...changes,
})

test('a giver, what it gives and a receiver are three boxes on two lines', () => {
  const { givers, subjects, receivers, lines } = pictureOf([told()], names)
  expect([givers, subjects, receivers].map(([one]) => one?.name)).toEqual(['A', 'Water', 'B'])
  expect(lines.map(({ side }) => side)).toEqual(['giver', 'receiver'])
})

test('what is given to several is one box, without the detail of one of them', () => {
  const { subjects, receivers, lines } = pictureOf([told(), told({ receiver: 'c' })], names)
  expect(subjects.map(({ name, detail }) => [name, detail])).toEqual([['Water', '']])
  expect(receivers.map(({ y }) => y)).toEqual([0.5, 1.5])
  expect(lines).toHaveLength(3)
})

test('what is given comes in the order of who receives it', () => {
  const both = [told({ subject: 'z', label: 'Z', receiver: 'c' }), told({ subject: 'a', label: 'A' })]
  expect(pictureOf(both, names).subjects.map(({ name }) => name)).toEqual(['A', 'Z'])
})

test('beyond what a column holds, the others are one box', () => {
  const many = Array.from({ length: MOST + 2 }, (_, at) => told({ giver: `g${at}` }))
  const { givers, lines } = pictureOf(many, names)
  expect(givers).toHaveLength(MOST)
  expect(givers.at(-1)?.name).toBe('3 others')
  expect(lines).toHaveLength(MOST + 1)
})

test('a line is to come only when all it stands for is', () => {
  const lines = (second: boolean) =>
    pictureOf([told({ toCome: true }), told({ toCome: second })], names).lines.map(({ toCome }) => toCome)
  expect(lines(true)).toEqual([true, true])
  expect(lines(false)).toEqual([false, false])
})
