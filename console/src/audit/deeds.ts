import { useQuery } from '@tanstack/react-query'
import { keysQuery, peopleQuery } from '@/api/access'
import type { Line } from '@/api/schema'
import { useSpeech } from '@/language'
import { useOwnerName } from '@/things/names'

/** A deed in words: « a repris un partage »; its own word where nobody has named it. */
export function useDeed(): (action: string) => string {
  const { audit: words } = useSpeech().messages
  const whole = new Map<string, string>(Object.entries(words.deeds))
  const verbs = new Map<string, string>(Object.entries(words.verbs))
  const nouns = new Map(Object.entries(words.nouns).map(([code, { one }]) => [code, one]))
  return (action) => {
    const [noun = '', verb = ''] = action.split('.')
    const said = verbs.get(verb)
    const thing = nouns.get(noun)
    return whole.get(action) ?? (said !== undefined && thing !== undefined ? `${said} ${thing}` : action)
  }
}

/** What a deed is about, by its name where it is known. */
export function useSubject(): (line: Line) => string {
  const people = useQuery(peopleQuery())
  const keys = useQuery(keysQuery)
  const ownerName = useOwnerName()
  return ({ action, subject = '', detail = {} }) => {
    const { giver, receiver } = detail as Record<string, unknown>
    if (typeof giver === 'string' && typeof receiver === 'string')
      return `${ownerName(giver)} → ${ownerName(receiver)}`
    const known =
      people.data?.find((one) => one.key === subject)?.name ??
      keys.data?.find((one) => one.key === subject)?.name
    const told = ['name', 'code', 'email']
      .map((field): unknown => detail[field])
      .find((one): one is string => typeof one === 'string')
    const anonymous = subject === 'list' || action.startsWith('session.')
    return known ?? told ?? (anonymous ? '' : subject)
  }
}
