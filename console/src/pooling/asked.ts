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
