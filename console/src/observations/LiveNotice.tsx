import { useFormats, useMessages } from '@/language'
import type { Live } from '@/observations/live'

/** Whether measurements arrive by themselves at this moment; said aloud when the link is lost and back. */
export function LiveNotice({ live, explained }: { live: Live; explained?: string }) {
  const { live: words } = useMessages()
  const formats = useFormats()
  return (
    <p className={`live ${live.state}`} role="status" title={explained ?? words.explained}>
      <span className="dot" aria-hidden="true" />
      {live.state === 'connecting' && words.connecting}
      {live.state === 'open' &&
        (live.backSince ? words.back(formats.timeWithSeconds(live.backSince)) : words.open)}
      {live.state === 'lost' && words.lost(formats.timeWithSeconds(live.since))}
      {live.state === 'ended' && words.ended}
    </p>
  )
}
