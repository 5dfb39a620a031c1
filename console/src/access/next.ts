/** Where to go once signed in, when it is a place of this console: never another site's. */
export function nextOf(search: Record<string, unknown>): { next?: string } {
  const { next } = search
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {}
}
