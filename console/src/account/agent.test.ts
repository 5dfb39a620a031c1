import { expect, test } from 'vitest'
import { deviceOf } from '@/account/agent'

const APPLE = 'AppleWebKit/537.36 (KHTML, like Gecko)'

test.each([
  [`Mozilla/5.0 (X11; Linux x86_64) ${APPLE} Chrome/140.0.0.0 Safari/537.36`, 'Chrome', 'Linux'],
  [
    `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${APPLE} Chrome/140.0 Safari/537.36 Edg/140.0`,
    'Edge',
    'Windows',
  ],
  ['Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0', 'Firefox', 'Windows'],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1',
    'Safari',
    'iOS',
  ],
  [`Mozilla/5.0 (Linux; Android 15) ${APPLE} Chrome/140.0 Mobile Safari/537.36`, 'Chrome', 'Android'],
])('what a browser says of itself is told in known names', (agent, browser, system) => {
  expect(deviceOf(agent)).toEqual({ browser, system })
})

test('what says nothing known is not guessed', () => {
  expect(deviceOf('')).toBeNull()
  expect(deviceOf('test')).toBeNull()
})
