import type { Week } from '@/api/schema'

/** Weeks that follow one another with a figure, by their place; never across the two periods. */
export function stretches(
  weeks: Week[],
  before: number,
  of: (week: Week) => number | null | undefined,
): [number, number][][] {
  const found: [number, number][][] = []
  let open: [number, number][] = []
  weeks.forEach((week, place) => {
    const value = of(week)
    if (place === before || value == null) open = []
    if (value == null) return
    if (open.length === 0) found.push(open)
    open.push([place, value])
  })
  return found
}
