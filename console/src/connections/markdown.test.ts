import { expect, test } from 'vitest'
import { blocksFor, blocksOf } from '@/connections/markdown'

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

test('what concerns MQTT is for connections by MQTT alone', () => {
  const guide = '**HTTP.** Paste.\n\n**MQTT.** Give.'
  const said = (transport: 'http' | 'mqtt') =>
    blocksFor(transport, guide).map((one) => (one.as === 'paragraph' ? one.pieces[0]?.text : ''))
  expect([said('http'), said('mqtt')]).toEqual([['HTTP.'], ['MQTT.']])
  expect(blocksFor('mqtt', 'Paste.')).toHaveLength(1)
})
