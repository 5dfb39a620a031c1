/** A text as it is searched: without case, accents or punctuation. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
}

/** Whether every word of `query` begins a word of `text`. */
export function matches(text: string, query: string): boolean {
  const words = ` ${folded(text)}`
  return folded(query)
    .split(' ')
    .every((word) => words.includes(` ${word}`))
}
