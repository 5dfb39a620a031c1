import { expect, test } from 'vitest'
import { blocksOf } from '@/connections/markdown'

test('paragraphs are told apart, their lines joined', () => {
  expect(blocksOf('**HTTP.** Open\n*Applications*.\n\nThen `+/up`.')).toEqual([
    {
      as: 'paragraph',
      pieces: [
        { as: 'strong', text: 'HTTP.' },
        { as: 'text', text: ' Open ' },
        { as: 'em', text: 'Applications' },
        { as: 'text', text: '.' },
      ],
    },
    {
      as: 'paragraph',
      pieces: [
        { as: 'text', text: 'Then ' },
        { as: 'code', text: '+/up' },
        { as: 'text', text: '.' },
      ],
    },
  ])
})

test('what is between fences is kept as it is', () => {
  expect(blocksOf('Write:\n\n```toml\na = "b"  # *\nc = 1\n```\n\nDone.')[1]).toEqual({
    as: 'code',
    text: 'a = "b"  # *\nc = 1',
  })
})
