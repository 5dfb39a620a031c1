export type Asked = { asset?: number }

/** What the address asks the map to show. */
export function shownOf(search: { asset?: unknown }): Asked {
  const asset = Number(search.asset)
  return Number.isInteger(asset) && asset > 0 ? { asset } : {}
}
