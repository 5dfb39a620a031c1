import type { Measured, ObservedProperty, Overview } from '@/api/schema'
import type { Held } from '@/territory/holdings'

/** What the colour of a commune may say. What is watched will be one more. */
export type Choice = 'devices' | 'silent' | `property:${string}`

/** By the key of a collectivité. Those that are not there have nothing to say. */
export type Values = ReadonlyMap<string, number>

export function devicesOf(held: Held[]): Values {
  return new Map(held.filter((one) => one.devices > 0).map((one) => [one.key, one.devices]))
}

/** In percent, of the devices that have series: those silent for a day, and those never heard. */
export function silentOf(overview: Overview): Values {
  return new Map(
    overview.owners
      .filter((one) => one.devices > 0)
      .map((one) => [one.owner, (100 * (one.silent + one.never)) / one.devices]),
  )
}

/** Means of numbers as they are; of yes and no, the percentage of yes. */
export function meansOf(measured: Measured[], property: ObservedProperty): Values {
  const times = property.value_kind === 'boolean' ? 100 : 1
  return new Map(measured.map((one) => [one.owner, one.mean * times]))
}

export function unitOf(choice: Choice, property: ObservedProperty | undefined): string {
  if (choice === 'devices') return ''
  if (choice === 'silent' || property?.value_kind === 'boolean') return '%'
  return property?.unit ?? ''
}

export const propertyOf = (choice: Choice): string | null =>
  choice.startsWith('property:') ? choice.slice('property:'.length) : null

export function quiet(overview: Overview): number {
  return overview.owners.reduce((sum, one) => sum + one.silent + one.never, 0)
}
