import type { Agreement } from '@/api/schema'

export type News = {
  kind: 'given' | 'received' | 'taken back' | 'ended'
  agreement: Agreement
}

/** What became of agreements between two looks, as told to `of`; `ended`: those that it gave. */
export function newsOf(before: Agreement[], after: Agreement[], of: string): News[] {
  const known = new Map(before.map((one) => [one.key, one]))
  return after.flatMap((agreement): News[] => {
    const held = known.get(agreement.key)
    const gives = agreement.giver === of
    if (held === undefined) return [{ kind: gives ? 'given' : 'received', agreement }]
    if (held.revoked_at == null && agreement.revoked_at != null)
      return [{ kind: gives ? 'ended' : 'taken back', agreement }]
    return []
  })
}
