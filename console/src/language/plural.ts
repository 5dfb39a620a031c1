/** French counts zero and one and a half as singular. */
export function plural(count: number, one: string, many: string): string {
  return Math.abs(count) < 2 ? one : many
}

export function englishPlural(count: number, one: string, many: string): string {
  return count === 1 ? one : many
}
