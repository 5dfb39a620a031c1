import type { Collectivity, Territory } from '@/api/schema'

/** A collectivité with what the reader sees of it. */
export type Held = Collectivity & { devices: number; series: number; latest: Date | null }

export type Summary = {
  held: Held[]
  communes: number
  devices: number
  latest: Date | null
  simulated: boolean
}

/** The collectivités with what each holds, in the order of their names. */
export function summaryOf(collectivities: Collectivity[], territory: Territory): Summary {
  const holdings = new Map(territory.holdings.map((holding) => [holding.owner, holding]))
  const held = collectivities
    .map((collectivity) => {
      const holding = holdings.get(collectivity.key)
      return {
        ...collectivity,
        devices: holding?.devices ?? 0,
        series: holding?.series ?? 0,
        latest: holding?.latest ? new Date(holding.latest) : null,
      }
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'fr'))
  const times = held.flatMap((one) => (one.latest ? [one.latest.getTime()] : []))
  return {
    held,
    communes: held.filter((one) => one.kind === 'commune').length,
    devices: held.reduce((sum, one) => sum + one.devices, 0),
    latest: times.length > 0 ? new Date(Math.max(...times)) : null,
    simulated: territory.holdings.some((holding) => holding.simulated),
  }
}
