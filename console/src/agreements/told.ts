import { useQuery } from '@tanstack/react-query'
import { assetKindsQuery } from '@/api/devices'
import { servicesQuery } from '@/api/queries'
import type { Agreement } from '@/api/schema'
import { useSpeech } from '@/language'
import type { Told } from '@/agreements/flows'

export type State = 'current' | 'toCome' | 'over' | 'revoked'

export function stateOf(one: Agreement, now: Date): State {
  if (one.revoked_at != null) return 'revoked'
  if (one.valid_until != null && new Date(one.valid_until) <= now) return 'over'
  return new Date(one.valid_from) > now ? 'toCome' : 'current'
}

/** What an agreement gives, by its name. */
export function useSubjectName(): (one: Pick<Agreement, 'service' | 'asset_kind' | 'series'>) => string {
  const { messages, language, formats } = useSpeech()
  const words = messages.agreements
  const services = useQuery(servicesQuery)
  const kinds = useQuery(assetKindsQuery)
  const named = (items: { code: string; name_fr: string; name_en: string }[] | undefined, code: string) =>
    items?.find((one) => one.code === code)?.[`name_${language}`] ?? code
  return ({ service, asset_kind: kind, series }) => {
    if (service != null) return named(services.data?.items, service)
    if (kind != null) return named(kinds.data?.items, kind)
    const count = series?.length ?? 0
    return words.chosenSeries(count, formats.integer(count))
  }
}

/** From when to when, as said of a period that may have no end. */
export function usePeriod(): (one: Agreement) => string {
  const { messages, formats } = useSpeech()
  const words = messages.agreements
  return (one) => {
    const from = formats.date(new Date(one.valid_from))
    // The last day it holds, not the first without it.
    const until = one.valid_until == null ? null : formats.date(new Date(Date.parse(one.valid_until) - 1))
    return until === null ? words.sinceDay(from) : words.fromTo(from, until)
  }
}

/** An agreement as the picture tells it. */
export function useTold(): (one: Agreement, now: Date) => Told {
  const { messages, formats } = useSpeech()
  const words = messages.agreements
  const subjectName = useSubjectName()
  return (one, now) => {
    const name = subjectName(one)
    const operate = one.right === 'operate'
    const until = one.valid_until == null ? null : formats.date(new Date(Date.parse(one.valid_until) - 1))
    return {
      giver: one.giver,
      receiver: one.receiver,
      subject: one.series == null ? `${name} ${one.right}` : one.key,
      label: name,
      detail: [words.rights[one.right], until === null ? '' : words.untilDay(until)]
        .filter((part) => part !== '')
        .join(', '),
      operate,
      toCome: stateOf(one, now) === 'toCome',
    }
  }
}
