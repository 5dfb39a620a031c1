import { expect, test } from 'vitest'
import { bodyOf, headersOf, NOTHING_TYPED } from '@/connections/ways'

test('headers are read one a line, their values whole', () => {
  expect(headersOf('X-Api-Key: a:b\n\n Accept : text/csv ')).toEqual({
    'X-Api-Key': 'a:b',
    Accept: 'text/csv',
  })
})

test('what was not typed is not sent', () => {
  const poll = { ...NOTHING_TYPED.poll, url: ' https://example.org/data ' }
  expect(bodyOf('poll', { ...NOTHING_TYPED, poll })).toEqual({
    poll: { url: 'https://example.org/data', period: 300 },
    headers: {},
  })
})

test('a server without a password is opened by the key that was typed', () => {
  const sftp = { ...NOTHING_TYPED.sftp, host: 'sftp.example', username: 'u', hostKey: 'k', privateKey: 'p' }
  const body = bodyOf('sftp', { ...NOTHING_TYPED, sftp })
  expect(body.private_key).toBe('p')
  expect(body).not.toHaveProperty('password')
  expect(body.sftp?.host_key).toBe('k')
})

test('a way that needs nothing sends nothing', () => {
  expect(bodyOf('http', NOTHING_TYPED)).toEqual({})
})
