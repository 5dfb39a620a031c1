import type { ChannelOf, ObservedProperty, TriedValue } from '@/api/schema'

/** What a person says of one decoded value, while it is being said. `example` as it was decoded. */
export type Draft = {
  key: string
  example: unknown
  /** A code, `ASIDE` to leave the value aside, or nothing yet. */
  property: string
  unit: string
  known: ChannelOf | null
}

export const ASIDE = '-'

/** The channels known, then the decoded values that nobody spoke of yet, each with the property of the same name. */
export function draftsOf(known: ChannelOf[], tried: TriedValue[], properties: ObservedProperty[]): Draft[] {
  const examples = new Map(tried.map((one) => [one.key, one.decoded]))
  const told = known.map((one) => ({
    key: one.key,
    example: examples.get(one.key),
    property: one.observed_property ?? ASIDE,
    unit: one.unit ?? '',
    known: one,
  }))
  const keys = new Set(known.map((one) => one.key))
  const fresh = tried
    .filter((one) => !keys.has(one.key))
    .map(({ key, decoded }) => ({
      key,
      example: decoded,
      property: namesake(key, properties),
      unit: '',
      known: null,
    }))
  return [...told, ...fresh]
}

/** As the server takes it: what was said of a channel before stays unless it was changed here. */
export function channelOf({ key, property, unit, known }: Draft): ChannelOf {
  if (property === ASIDE || property === '') return { key }
  const same = known !== null && known.observed_property === property
  return {
    ...(same ? known : {}),
    key,
    observed_property: property,
    unit: unit.trim() === '' ? null : unit.trim(),
  }
}

function namesake(key: string, properties: ObservedProperty[]): string {
  const last = key.split('.').at(-1) ?? key
  const folded = last
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll('_', '-')
  return properties.find((one) => one.code === folded)?.code ?? ''
}
