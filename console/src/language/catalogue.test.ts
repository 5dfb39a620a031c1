import { expect, test } from 'vitest'
import { en } from '@/language/en'
import { fr } from '@/language/fr'

function sentences(messages: object, path = ''): [string, string][] {
  return Object.entries(messages).flatMap(([key, said]: [string, unknown]): [string, string][] => {
    if (typeof said === 'string') return [[`${path}${key}`, said]]
    return typeof said === 'object' && said !== null ? sentences(said, `${path}${key}.`) : []
  })
}

test('French double punctuation keeps its unbreakable space', () => {
  const wrong = sentences(fr).filter(([, said]) => /[^\u00a0\u202f\s][;:?!]|[ ][;:?!»]|«[ ]/.test(said))
  expect(wrong).toEqual([])
})

test('nothing is said with an empty sentence', () => {
  expect([...sentences(fr), ...sentences(en)].filter(([, said]) => said.trim() === '')).toEqual([])
})
