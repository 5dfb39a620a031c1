import type { Card } from '@/api/schema'
import { PERIODS, type Period } from '@/charts/period'

/** What the address says of how a dashboard is looked at. `wall`: as on a wall, this many seconds each. */
export type View = { period?: Period; owner?: string; wall?: number; embed?: true }

export function viewOf(search: Record<string, unknown>): View {
  const { owner, wall } = search
  const period = PERIODS.find((one) => one === search.period)
  return {
    ...(period && { period }),
    ...(typeof owner === 'string' && owner !== '' && { owner }),
    ...(typeof wall === 'number' && wall >= 5 && wall <= 3600 && { wall }),
    ...((search.embed === true || search.embed === 1) && { embed: true as const }),
  }
}

/** The cards, with the one at `from` moved to stand at `to`. */
export function moved(cards: Card[], from: number, to: number): Card[] {
  const card = cards[from]
  if (card === undefined || to < 0 || to >= cards.length) return cards
  const others = cards.filter((_, place) => place !== from)
  return [...others.slice(0, to), card, ...others.slice(to)]
}
