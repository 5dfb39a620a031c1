/** Quarters as the programme names them: `2027-Q3`. */

export function numberOf(name: string): number {
  return Number(name.slice(0, 4)) * 4 + Number(name.slice(6)) - 1
}

export const yearOf = (quarter: number) => Math.floor(quarter / 4)
export const rankOf = (quarter: number) => (quarter % 4) + 1

/** From the first of a plan to its last. */
export function span(start: string, count: number): number[] {
  return Array.from({ length: count }, (_, place) => numberOf(start) + place)
}
