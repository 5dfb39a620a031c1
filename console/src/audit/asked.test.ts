import { expect, test } from 'vitest'
import { askedOf, trailOf } from '@/audit/asked'

test('what the address says is kept when it is understood', () => {
  const address = { of: 'commune-85191', who: 'per-1', about: 'role', from: '2026-11-01', seen: true }
  expect(askedOf(address)).toEqual(address)
  expect(askedOf({ about: 'nothing', from: 'yesterday', seen: 'yes', who: '' })).toEqual({})
})

test('days are whole days of the territory, the last one included', () => {
  expect(trailOf({ from: '2026-10-25', until: '2026-10-25' }, 'Europe/Paris')).toEqual({
    start: '2026-10-24T22:00:00.000Z',
    end: '2026-10-25T23:00:00.000Z',
    deeds: true,
  })
})

test('what was only seen is asked for, not given', () => {
  expect(trailOf({ about: 'key' }, 'UTC')).toEqual({ action: 'key.', deeds: true })
  expect(trailOf({ about: 'key', seen: true }, 'UTC')).toEqual({ action: 'key.' })
})
