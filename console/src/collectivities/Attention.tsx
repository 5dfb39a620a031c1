import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import type { Cause, CollectivityNow, Concern } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { useFormats, useMessages, useSpeech } from '@/language'

/** What needs attention: first in a sentence, then by name. */
export function Attention({ now }: { now: CollectivityNow }) {
  const { messages, formats } = useSpeech()
  const words = messages.now
  const title = useId()
  const said = now.concerns.map(({ kind, count }) => words.concerns[kind](count, formats.integer(count)))
  return (
    <>
      <p className="sentence">
        {said.length > 0 ? said.join(', ') : words.calm(now.devices, formats.integer(now.devices))}
        {now.latest != null && (
          <>
            {messages.semicolon}
            {messages.collectivity.latest} <Ago when={new Date(now.latest)} />
          </>
        )}
        .
      </p>
      {now.concerns.length > 0 && (
        <section aria-labelledby={title} className="attention">
          <h2 id={title}>{words.attention}</h2>
          <ul>
            {now.concerns.map((concern) => (
              <Named key={concern.kind} concern={concern} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Named({ concern }: { concern: Concern }) {
  const { now: words } = useMessages()
  const formats = useFormats()
  const { kind, count, causes } = concern
  const left = count - causes.length
  return (
    <li>
      <details>
        <summary>{words.concerns[kind](count, formats.integer(count))}</summary>
        <p className="quiet">{words.explained[kind]}</p>
        <ul>
          {causes.map((cause) => (
            <li key={cause.series}>
              <Link to="/series/$id" params={{ id: cause.series }}>
                {cause.name}
              </Link>
              <Told cause={cause} />
            </li>
          ))}
          {left > 0 && <li className="quiet">{words.others(left, formats.integer(left))}</li>}
        </ul>
      </details>
    </li>
  )
}

function Told({ cause: { value, unit, time } }: { cause: Cause }) {
  const formats = useFormats()
  return (
    <span>
      {value != null && <strong>{formats.quantity(value, unit ?? '')} </strong>}
      {time != null && (
        <span className="quiet">
          <Ago when={new Date(time)} />
        </span>
      )}
    </span>
  )
}
