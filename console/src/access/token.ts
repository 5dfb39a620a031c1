/** The token of a link such as `/sign-in#token=…`: a fragment never reaches a server's logs. */
export function tokenOf(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token')
}
