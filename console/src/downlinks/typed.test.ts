import { expect, test } from 'vitest'
import { downlinkOf, NOTHING } from '@/downlinks/typed'

test('bytes need a port, and are written in hexadecimal', () => {
  const typed = { ...NOTHING, way: 'bytes' as const, bytes: '01 07' }
  expect(downlinkOf(typed)).toBeNull()
  expect(downlinkOf({ ...typed, port: '12' })).toEqual({ payload: '0107', port: 12, confirmed: false })
  expect(downlinkOf({ ...typed, port: '12', bytes: 'xyz' })).toBeNull()
})

test('a command is a JSON object, and may leave the port to the codec', () => {
  const typed = { ...NOTHING, way: 'command' as const, confirmed: true }
  expect(downlinkOf({ ...typed, command: '{"open": true}' })).toEqual({
    command: { open: true },
    confirmed: true,
  })
  for (const command of ['', '[1]', 'null', '{open: true}']) {
    expect(downlinkOf({ ...typed, command })).toBeNull()
  }
})
