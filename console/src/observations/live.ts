import { useEffect, useEffectEvent, useState } from 'react'
import type { Columns } from '@/observations/columns'

export type Live =
  | { state: 'connecting' }
  | { state: 'open'; backSince?: Date }
  | { state: 'lost'; since: Date }
  /** The right to read has ended. */
  | { state: 'ended' }

const RETRY = 5_000
/** Nothing is missed of what there is nothing to hear. */
const NOTHING: Live = { state: 'open' }

/**
 * Listens to what is stored, as it comes; to nothing when `query` is null. `heard` gets each batch; `missed` is called when some may not have been heard:
 * the link came back, or this page was too slow.
 */
export function useLive(
  query: string | null,
  on: { heard: (columns: Columns) => void; missed: () => void },
): Live {
  const [live, setLive] = useState<Live>({ state: 'connecting' })
  const heard = useEffectEvent(on.heard)
  const missed = useEffectEvent(on.missed)

  useEffect(() => {
    if (query === null) return
    let source: EventSource
    let retry: number | undefined
    let lost = false

    function open() {
      source = new EventSource(`/api/v1/observations/stream?${query}`)
      source.addEventListener('open', () => {
        setLive(lost ? { state: 'open', backSince: new Date() } : { state: 'open' })
        if (lost) missed()
        lost = false
      })
      source.addEventListener('observations', (event: MessageEvent<string>) => {
        heard(JSON.parse(event.data) as Columns)
      })
      source.addEventListener('missed', () => missed())
      source.addEventListener('closed', () => {
        source.close()
        setLive({ state: 'ended' })
      })
      source.addEventListener('error', () => {
        if (!lost) setLive({ state: 'lost', since: new Date() })
        lost = true
        // The browser tries again by itself, except after an answer that was not a stream.
        if (source.readyState === EventSource.CLOSED) retry = window.setTimeout(open, RETRY)
      })
    }

    open()
    return () => {
      window.clearTimeout(retry)
      source.close()
    }
  }, [query])

  return query === null ? NOTHING : live
}
