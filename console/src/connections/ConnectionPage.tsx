import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { connectionQuery, sessionQuery } from '@/api/queries'
import type { Connection } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { renewSecret } from '@/connections/changes'
import { Changing } from '@/connections/Changing'
import { Chirpstack } from '@/connections/Chirpstack'
import { CopyField } from '@/design/CopyField'
import { Ending } from '@/connections/Ending'
import { FeedState } from '@/connections/FeedState'
import { HeldGroups } from '@/connections/HeldGroups'
import { addressOf, Issued } from '@/connections/Issued'
import { LastMessages } from '@/connections/LastMessages'
import { useKindName, useOwnerName } from '@/things/names'
import { WayIn } from '@/connections/WayIn'

const route = getRouteApi('/inside/connections/$key')

/** One connection: what comes by it, what is held, its secret, its end. */
export function ConnectionPage() {
  const { key } = route.useParams()
  return (
    <Answer page query={useQuery(connectionQuery(key))} lines={8}>
      {(connection) => <Shown key={key} connection={connection} />}
    </Answer>
  )
}

function Shown({ connection }: { connection: Connection }) {
  const { messages, formats } = useSpeech()
  const words = messages.connections
  const kindName = useKindName()
  const ownerName = useOwnerName()
  const session = useQuery(sessionQuery)
  const ended = connection.ended_at ?? null
  const begins = connection.transport !== 'http'
  const right = session.data?.rights[connection.owner]
  const administers = right === 'administer'
  const operates = administers || right === 'operate'
  useTitle(connection.name, words.title)
  return (
    <>
      <Trail places={[{ to: '/connections', name: words.title }]} here={connection.name} />
      <h1>{connection.name}</h1>
      <p className="over">
        {kindName(connection.kind)} · {ownerName(connection.owner)} ·{' '}
        {ended === null
          ? words.sinceDay(formats.date(new Date(connection.made_at)))
          : words.ended(formats.date(new Date(ended)))}
      </p>
      {ended === null && begins && <FeedState connection={connection} />}
      {ended === null && <LastMessages connection={connection.key} begins={begins} />}
      <HeldGroups connection={connection.key} />
      {ended === null && begins && <WayIn connection={connection} />}
      {ended === null && connection.kind === 'chirpstack-v4' && operates && (
        <Chirpstack connection={connection} administers={administers} />
      )}
      {ended === null && administers && <Changing connection={connection} />}
      {ended === null && administers && !begins && <Secret connection={connection} />}
      {ended === null && administers && <Ending connection={connection} />}
    </>
  )
}

function Secret({ connection }: { connection: Connection }) {
  const words = useSpeech().messages.connections
  const renewal = useMutation({ mutationFn: () => renewSecret(connection.key) })
  return (
    <section className="part">
      <h2>{words.access}</h2>
      {renewal.isError && <Trouble error={renewal.error} />}
      {renewal.data ? (
        <Issued issued={renewal.data} onDone={() => renewal.reset()} />
      ) : (
        <>
          <CopyField label={words.issued.address} text={addressOf(connection.key)} />
          <p className="quiet">{words.renewHint}</p>
          <button
            type="button"
            className="button"
            disabled={renewal.isPending}
            onClick={() => renewal.mutate()}
          >
            {words.renew}
          </button>
        </>
      )}
    </section>
  )
}
