import { useEffect, useEffectEvent, useId, useState } from 'react'
import { useSpeech } from '@/language'

/** Milliseconds without typing before the list is asked. */
const WHILE_TYPING = 300

/** Narrows a list of things by name or identifier. */
export function Search({ q, onAsked }: { q: string; onAsked: (q: string) => void }) {
  const words = useSpeech().messages.things.list
  const id = useId()
  const [typed, setTyped] = useState(q)
  const ask = useEffectEvent(onAsked)
  useEffect(() => {
    if (typed.trim() === q) return
    const timer = window.setTimeout(() => ask(typed.trim()), WHILE_TYPING)
    return () => window.clearTimeout(timer)
  }, [typed, q])
  return (
    <div className="field grow">
      <label htmlFor={id}>{words.search}</label>
      <input
        id={id}
        type="search"
        autoComplete="off"
        maxLength={100}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </div>
  )
}
