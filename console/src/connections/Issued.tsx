import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import { connectionKindsQuery } from '@/api/queries'
import type { Connection, Issued as Secret } from '@/api/schema'
import { CopyField } from '@/design/CopyField'
import { Guide } from '@/connections/Guide'
import { useMessages, useSpeech } from '@/language'

/** Where a connection's network must deliver. */
export const addressOf = (key: string): string =>
  `${window.location.origin}/api/v1/connections/${key}/messages`

type Props = { issued: Secret; onDone?: () => void }

/** What a network must be told, the secret among it, shown this once. */
export function Issued({ issued: { connection, secret }, onDone }: Props) {
  const { issued: words } = useMessages().connections
  const title = useId()
  const address = addressOf(connection.key)
  const begins = connection.transport !== 'http'
  return (
    <section className="issued" aria-labelledby={title}>
      <h2 id={title}>{words.titles[connection.transport]}</h2>
      {begins ? (
        <p>{words.begins}</p>
      ) : (
        <>
          <p className="once">{words.once}</p>
          <CopyField label={words.address} text={address} />
          <CopyField label={words.secret} text={secret} />
          <p className="quiet">{words.header}</p>
          <details>
            <summary>{words.noHeader}</summary>
            <CopyField label={words.whole} text={`${address}?key=${secret}`} />
          </details>
        </>
      )}
      {(connection.transport === 'http' || connection.transport === 'mqtt') && (
        <Where connection={connection} transport={connection.transport} />
      )}
      <p className="ways">
        {onDone ? (
          <button type="button" className="button main" onClick={onDone}>
            {words.noted}
          </button>
        ) : (
          <Link to="/connections/$key" params={{ key: connection.key }} className="button main">
            {words.follow}
          </Link>
        )}
      </p>
    </section>
  )
}

function Where({ connection, transport }: { connection: Connection; transport: 'http' | 'mqtt' }) {
  const { language, messages } = useSpeech()
  const kinds = useQuery(connectionKindsQuery)
  const found = kinds.data?.find((one) => one.kind === connection.kind)
  if (found === undefined) return null
  return (
    <>
      <h3>{messages.connections.issued.where(found.name[language])}</h3>
      <Guide transport={transport} markdown={found.guide[language]} />
    </>
  )
}
