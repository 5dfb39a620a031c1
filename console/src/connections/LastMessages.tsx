import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { lastMessagesQuery } from '@/api/queries'
import type { Lately } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useMessages, useSpeech } from '@/language'
import { useLink } from '@/connections/link'
import { LiveNotice } from '@/observations/LiveNotice'
import { usePropertyName } from '@/observations/properties'

/** The last messages of a connection as they arrive, each with what was understood and what became of it. */
export function LastMessages({ connection, begins }: { connection: string; begins: boolean }) {
  const words = useMessages().connections.messages
  const asked = useQuery(lastMessagesQuery(connection))
  const live = useLink(asked)
  const title = useId()
  return (
    <section className="part" aria-labelledby={title}>
      <div className="heading">
        <h2 id={title}>{words.title}</h2>
        <LiveNotice live={live} explained={words.liveExplained} />
      </div>
      <Answer query={asked}>
        {(some) =>
          some.length === 0 ? (
            <div className="empty">
              <p>{words.empty}</p>
              <p className="quiet">{begins ? words.emptyFetched : words.emptyDetail}</p>
            </div>
          ) : (
            <div className="scroll" tabIndex={0} role="group" aria-labelledby={title}>
              <MessageTable messages={some} />
            </div>
          )
        }
      </Answer>
    </section>
  )
}

function MessageTable({ messages }: { messages: Lately[] }) {
  const { columns } = useMessages().connections.messages
  const keyed = messages.map((one) => [`${one.at} ${JSON.stringify(one.message)}`, one] as const)
  return (
    <table className="stacked messages">
      <thead>
        <tr>
          <th scope="col">{columns.time}</th>
          <th scope="col">{columns.device}</th>
          <th scope="col">{columns.understood}</th>
          <th scope="col">{columns.outcome}</th>
          <th scope="col">
            <span className="unseen">{columns.raw}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {keyed.map(([key, one], place) => (
          <Row key={`${key} ${place - keyed.findIndex(([other]) => other === key)}`} told={one} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ told }: { told: Lately }) {
  const { messages, formats } = useSpeech()
  const words = messages.connections.messages
  const [open, setOpen] = useState(false)
  const at = new Date(told.at)
  const device = textOf(told.message.device)
  return (
    <>
      <tr>
        <th scope="row">
          <time dateTime={told.at} title={formats.exact(at)}>
            {formats.timeWithSeconds(at)}
          </time>
        </th>
        <td>
          <span className="identifier">{device ?? messages.none}</span>
        </td>
        <td>
          <Understood told={told} />
        </td>
        <td>
          <Outcome told={told} />
        </td>
        <td className="number">
          <button type="button" className="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? words.hideRaw : words.raw}
          </button>
        </td>
      </tr>
      {open && (
        <tr className="raw">
          <td colSpan={5}>
            <pre tabIndex={0} aria-label={words.columns.raw}>
              {JSON.stringify(told.message, null, 2)}
            </pre>
          </td>
        </tr>
      )}
    </>
  )
}

function Understood({ told }: { told: Lately }) {
  const { messages, formats } = useSpeech()
  const words = messages.connections.messages
  const propertyName = usePropertyName()
  const values = told.values ?? []
  if (values.length === 0) {
    const kind = textOf(told.message.kind) ?? ''
    const said = new Map(Object.entries(words.kinds)).get(kind)
    return <span className="quiet">{said ?? kind}</span>
  }
  return (
    <ul className="values">
      {values.map((one) => (
        <li key={one.key}>
          <span className="quiet" title={one.key}>
            {propertyName(one.observed_property)}
          </span>{' '}
          <span className="value">
            {typeof one.value === 'number' ? formats.quantity(one.value, one.unit) : textOf(one.value)}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Outcome({ told }: { told: Lately }) {
  const words = useMessages().connections.messages
  if (told.outcome !== 'held') return <>{told.outcome === 'again' ? words.again : words.stored}</>
  return (
    <>
      <strong>{words.held}</strong> {told.reason}
    </>
  )
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : null
}
