const HOUR = 3_600_000
const DAY = 24 * HOUR

export const FRESHNESS = ['hour', 'day', 'old', 'never'] as const
export type Freshness = (typeof FRESHNESS)[number]

export function freshnessOf(latest: Date | null, now: Date): Freshness {
  if (latest === null) return 'never'
  const age = now.getTime() - latest.getTime()
  if (age < HOUR) return 'hour'
  return age < DAY ? 'day' : 'old'
}
