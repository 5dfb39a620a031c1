import { useState } from 'react'

/** What is typed stands while it is typed; what is changed from elsewhere replaces it. */
export function useHeld(told: string) {
  const [held, setHeld] = useState({ text: told, told, typing: false })
  if (held.told !== told) setHeld({ ...held, told, text: held.typing ? held.text : told })
  return {
    text: held.text,
    type: (text: string) => setHeld((before) => ({ ...before, text, typing: true })),
    leave: () => setHeld((before) => ({ ...before, typing: false })),
  }
}
