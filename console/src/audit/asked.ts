import { isDay, midnightOf, plusDays, type Day } from '@/charts/period'
import type { Trail } from '@/api/access'

/** Kinds of things that deeds are about: the first half of their word, as the server names it. */
export const NOUNS = [
  'agreement',
  'role',
  'invitation',
  'person',
  'session',
  'key',
  'audit',
  'connection',
  'device',
  'asset',
  'site',
  'series',
  'relation',
  'note',
  'dashboard',
  'observations',
  'downlink',
  'claim',
  'move',
  'adhesion',
  'membership',
  'retention',
  'deletion',
  'codec',
  'file',
  'instance',
] as const
export type Noun = (typeof NOUNS)[number]

/** What the address says of the trail shown; `seen`: what was only looked at too. */
export type Asked = { of?: string; who?: string; about?: Noun; from?: Day; until?: Day; seen?: true }

export function askedOf(search: Record<string, unknown>): Asked {
  const { of, who, from, until } = search
  const about = NOUNS.find((one) => one === search.about)
  return {
    ...(typeof of === 'string' && of !== '' && { of }),
    ...(typeof who === 'string' && who !== '' && { who }),
    ...(about && { about }),
    ...(isDay(from) && { from }),
    ...(isDay(until) && { until }),
    ...(search.seen === true && { seen: true }),
  }
}

/** As the server is asked: whole days of the territory, the last one included. */
export function trailOf({ of, who, about, from, until, seen }: Asked, zone: string): Trail {
  return {
    ...(of !== undefined && { collectivity: of }),
    ...(who !== undefined && { actor: who }),
    ...(about && { action: `${about}.` }),
    ...(from && { start: midnightOf(from, zone).toISOString() }),
    ...(until && { end: midnightOf(plusDays(until, 1), zone).toISOString() }),
    ...(seen !== true && { deeds: true }),
  }
}
