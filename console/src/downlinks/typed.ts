import type { NewDownlink } from '@/api/schema'
import { hexadecimal } from '@/models/hexadecimal'

/** What is typed in the form by which a downlink is asked. */
export type Typed = {
  way: 'command' | 'bytes'
  command: string
  bytes: string
  port: string
  confirmed: boolean
}

export const NOTHING: Typed = { way: 'bytes', command: '', bytes: '', port: '', confirmed: false }

/** As the server takes it; null while it cannot be: no JSON object, no hexadecimal. */
export function downlinkOf(typed: Typed): NewDownlink | null {
  const shared = {
    confirmed: typed.confirmed,
    ...(typed.port === '' ? {} : { port: Number(typed.port) }),
  }
  if (typed.way === 'command') {
    const command = objectOf(typed.command)
    // An object of any shape, which the description of the API cannot say.
    return command === null ? null : { ...shared, command: command as NonNullable<NewDownlink['command']> }
  }
  const payload = hexadecimal(typed.bytes)
  return payload === null || payload === '' || typed.port === '' ? null : { ...shared, payload }
}

export function objectOf(text: string): Record<string, unknown> | null {
  try {
    const told: unknown = JSON.parse(text)
    return typeof told === 'object' && told !== null && !Array.isArray(told)
      ? (told as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
