import { expect, test } from 'vitest'
import { hexadecimal } from '@/things/hexadecimal'

test('bytes are read however they are set apart', () => {
  for (const typed of ['016700D7', '01 67 00 D7', '01:67:00:D7', '0x01, 0x67, 0x00, 0xD7']) {
    expect(hexadecimal(typed)).toBe('016700D7')
  }
})

test('half a byte, or a letter that is none, is refused', () => {
  expect(hexadecimal('016')).toBeNull()
  expect(hexadecimal('zz')).toBeNull()
})
