import type { Basis } from '@/api/pooling'

/** What an address asks of a service's year. */
export type Based = { basis?: Basis }
export type StatementAsked = Based & { member?: string }

export function basisOf(search: Record<string, unknown>): Based {
  return search.basis === 'actual' ? { basis: 'actual' } : {}
}

export function statementOf(search: Record<string, unknown>): StatementAsked {
  const { member } = search
  return { ...basisOf(search), ...(typeof member === 'string' && member !== '' && { member }) }
}

/** A device whose failures are looked at, or all. */
export type DeviceAsked = { device?: number }

export function deviceOf({ device }: Record<string, unknown>): DeviceAsked {
  const id = Number(device)
  return Number.isSafeInteger(id) && id > 0 ? { device: id } : {}
}

/** A service, and perhaps a purchase in common, of which needs are told. */
export type SubjectAsked = { service?: string; tender?: string }

export function subjectOf({ service, tender }: Record<string, unknown>): SubjectAsked {
  return {
    ...(typeof service === 'string' && service !== '' && { service }),
    ...(typeof tender === 'string' && tender !== '' && { tender }),
  }
}
