import type { Ranking } from '@/api/schema'

/** Ranks by weights that a reader moves: net flows are linear in weights, so that the browser does it. */

export type Placed = { action: string; net: number; place: number; before: number }

/** `weights` with one of them moved, the others keeping their proportions; all make 1. */
export function moved(
  weights: Record<string, number>,
  criterion: string,
  weight: number,
): Record<string, number> {
  const others = Object.entries(weights).filter(([name]) => name !== criterion)
  const sum = others.reduce((total, [, one]) => total + one, 0)
  const left = 1 - weight
  return Object.fromEntries([
    ...others.map(([name, one]): [string, number] => [
      name,
      sum > 0 ? (one / sum) * left : left / others.length,
    ]),
    [criterion, weight],
  ])
}

/** Weights that make 1, in the same proportions. */
export function shares(weights: Record<string, number>): Record<string, number> {
  const whole = Object.values(weights).reduce((sum, one) => sum + one, 0) || 1
  return Object.fromEntries(Object.entries(weights).map(([name, one]) => [name, one / whole]))
}

/** In order; equals share a place. */
export function placed(ranking: Ranking, weights: Record<string, number>): Placed[] {
  const nets = ranking.actions.map((one) => ({
    action: one.action,
    before: one.place,
    net: Object.entries(one.by_criterion).reduce((sum, [name, net]) => sum + net * (weights[name] ?? 0), 0),
  }))
  const rounded = (net: number) => Math.round(net * 1e6)
  return nets
    .map((one) => ({
      ...one,
      place: 1 + nets.filter((other) => rounded(other.net) > rounded(one.net)).length,
    }))
    .sort((one, other) => one.place - other.place || one.before - other.before)
}
