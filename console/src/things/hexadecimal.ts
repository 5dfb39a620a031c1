/** Bytes as people write them (`01 67 00:D7`, `0x0167…`) in plain hexadecimal; null when they are not. */
export function hexadecimal(typed: string): string | null {
  const plain = typed.replaceAll(/0x|[\s:,;-]/gi, '')
  return /^(?:[0-9a-f]{2})*$/i.test(plain) ? plain : null
}
