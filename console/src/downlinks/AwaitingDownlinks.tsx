import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { awaitingDownlinksQuery } from '@/api/queries'
import { useSpeech } from '@/language'

/** The downlinks that wait for a second person; nothing where none does. */
export function AwaitingDownlinks() {
  const { messages, formats } = useSpeech()
  const words = messages.downlinks
  const waiting = useQuery(awaitingDownlinksQuery).data ?? []
  const title = useId()
  if (waiting.length === 0) return null
  return (
    <section className="part" aria-labelledby={title}>
      <h2 id={title}>{words.awaiting}</h2>
      <ul className="held">
        {waiting.map((one) => (
          <li key={one.key}>
            <h3>{one.device_code}</h3>
            <p>
              <code>{one.payload.toUpperCase()}</code> {words.onPort(one.port)}
            </p>
            <p className="quiet">
              {words.steps.asked} {words.by(one.asked_by)}
              {', '}
              {words.until(formats.moment(new Date(one.expires_at)))}
            </p>
            <div className="ways">
              <Link to="/devices/$id/downlinks" params={{ id: one.device }} className="button">
                {words.decide}
              </Link>
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
