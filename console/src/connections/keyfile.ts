import type { KeysOf } from '@/api/schema'

const KEY = /^[0-9a-f]{32}$/i

/** Lines `dev_eui;app_key;nwk_key;owner` (or commas, or tabs) under a head that names them, the last two as needed; the
 * number of the first line that is not one, counted from 1. */
export function keysFrom(text: string, owner: string): KeysOf[] | number {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const head = cells(lines[0] ?? '').map((one) => one.toLowerCase())
  if (!head.includes('dev_eui') || !head.includes('app_key')) return 1
  const found: KeysOf[] = []
  for (const [place, line] of lines.entries()) {
    if (place === 0 || line.trim() === '') continue
    const given = cells(line)
    const of = (name: string) => given[head.indexOf(name)] ?? ''
    const nwk = of('nwk_key')
    if (of('dev_eui') === '' || !KEY.test(of('app_key')) || (nwk !== '' && !KEY.test(nwk))) return place + 1
    found.push({
      owner: of('owner') || owner,
      code: of('dev_eui').toUpperCase(),
      app_key: of('app_key'),
      ...(nwk !== '' && { nwk_key: nwk }),
    })
  }
  return found.length === 0 ? 2 : found
}

const cells = (line: string) =>
  line.split(/[;,\t]/).map((one) =>
    one
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim(),
  )
