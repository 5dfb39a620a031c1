import type { AssetFilters } from '@/api/devices'

const NAMES = ['q', 'owner', 'service', 'kind'] as const

/** What the address says of the list of assets. */
export function assetFiltersOf(search: Record<string, unknown>): AssetFilters {
  const told = NAMES.flatMap((name) => {
    const value = search[name]
    return typeof value === 'string' && value !== '' ? [[name, value]] : []
  })
  return Object.fromEntries(told) as AssetFilters
}
