import type { Filters } from '@/api/devices'

export const KINDS = ['sensor', 'actuator', 'gateway'] as const
export const STATES = ['silent', 'never', 'low-battery', 'speaking'] as const
export const COLUMNS = [
  'code',
  'state',
  'latest',
  'owner',
  'service',
  'model',
  'battery',
  'loss',
  'rssi',
  'period',
] as const
export type Column = (typeof COLUMNS)[number]
export const USUAL: readonly Column[] = ['state', 'latest', 'owner', 'service', 'model', 'battery']

/** What the address says of the list: which devices, and which columns when they are not the usual ones. */
export type Listed = Filters & { columns?: Column[] }

export function filtersOf(search: Record<string, unknown>): Listed {
  const kind = KINDS.find((one) => one === search.kind)
  const state = STATES.find((one) => one === search.state)
  const texts = (['q', 'owner', 'service', 'model'] as const).flatMap((name) => {
    const value = search[name]
    return typeof value === 'string' && value !== '' ? [[name, value]] : []
  })
  const { columns: wanted } = search
  const columns = Array.isArray(wanted) ? COLUMNS.filter((one) => wanted.includes(one)) : undefined
  return {
    ...(Object.fromEntries(texts) as Filters),
    ...(kind && { kind }),
    ...(state && { state }),
    ...(columns && columns.join() !== USUAL.join() && { columns }),
  }
}
