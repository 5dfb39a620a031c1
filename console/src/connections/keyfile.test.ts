import { expect, test } from 'vitest'
import { keysFrom } from '@/connections/keyfile'

const KEY = '00112233445566778899aabbccddeeff'

test('a file of keys, as spreadsheets write it', () => {
  const text = `\uFEFFdev_eui;app_key;nwk_key\r\n70b3d57ed0000001;"${KEY}";\r\n\r\n70B3D57ED0000002;${KEY};${KEY}\r\n`
  expect(keysFrom(text, 'commune-85191')).toEqual([
    { owner: 'commune-85191', code: '70B3D57ED0000001', app_key: KEY },
    { owner: 'commune-85191', code: '70B3D57ED0000002', app_key: KEY, nwk_key: KEY },
  ])
})

test('each line may have its owner, and columns any order', () => {
  expect(keysFrom(`owner,app_key,dev_eui\ncommune-85194,${KEY},70B3D57ED0000001`, 'commune-85191')).toEqual([
    { owner: 'commune-85194', code: '70B3D57ED0000001', app_key: KEY },
  ])
})

test('the first line that is not one is told', () => {
  expect(keysFrom('nom;clé\n', 'x')).toBe(1)
  expect(keysFrom(`dev_eui;app_key\n70B3D57ED0000001;${KEY}\n70B3D57ED0000002;court`, 'x')).toBe(3)
  expect(keysFrom(`dev_eui;app_key\n;${KEY}`, 'x')).toBe(2)
  expect(keysFrom('dev_eui;app_key\n', 'x')).toBe(2)
})
