import { useMutation, useQuery } from '@tanstack/react-query'
import { connectionStateQuery, sessionQuery } from '@/api/queries'
import type { Connection, ConnectionState } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useNow } from '@/design/now'
import { Term } from '@/design/Term'
import { Trouble } from '@/design/Trouble'
import { lookNow } from '@/connections/changes'
import { useSpeech } from '@/language'

/** How a connection where Beffroi begins fares: the last look, the next, what went wrong. */
export function FeedState({ connection }: { connection: Connection }) {
  const { messages } = useSpeech()
  const words = messages.connections.feed
  const session = useQuery(sessionQuery)
  const asked = useQuery(connectionStateQuery(connection.key))
  const looking = useMutation({
    mutationFn: () => lookNow(connection.key),
    onSuccess: (_, __, ___, { client }) =>
      client.invalidateQueries({ queryKey: ['connections', 'state', connection.key] }),
  })
  const fetches = connection.transport !== 'mqtt'
  const right = session.data?.rights[connection.owner]
  return (
    <section className="part">
      <h2>{fetches ? words.title : words.listening}</h2>
      <Answer query={asked} lines={3}>
        {(state) => <Told state={state} fetches={fetches} />}
      </Answer>
      {looking.isError && <Trouble error={looking.error} />}
      {fetches && (right === 'operate' || right === 'administer') && (
        <button
          type="button"
          className="button"
          disabled={looking.isPending}
          onClick={() => looking.mutate()}
        >
          {words.now}
        </button>
      )}
    </section>
  )
}

function Told({ state, fetches }: { state: ConnectionState; fetches: boolean }) {
  const { messages, formats } = useSpeech()
  const words = messages.connections.feed
  const failing = !state.connected && state.error != null
  return (
    <div>
      <p>
        {failing ? words.failing : state.connected ? words.well[fetches ? 'fetches' : 'listens'] : words.soon}
      </p>
      {failing && <p className="reason">{state.error}</p>}
      <dl className="facts">
        {state.looked_at != null && (
          <Fact name={words.last}>
            <At when={new Date(state.looked_at)} />
          </Fact>
        )}
        {state.next_try_at != null && (
          <Fact name={fetches ? words.next : words.again}>
            <At when={new Date(state.next_try_at)} />
          </Fact>
        )}
        {fetches && (
          <div>
            <dt>
              <Term explained={words.documentsExplained}>{words.documents}</Term>
            </dt>
            <dd>{formats.integer(state.documents ?? 0)}</dd>
          </div>
        )}
        {state.status != null && <Fact name={words.status}>{state.status}</Fact>}
        {(state.failures ?? 0) > 0 && (
          <Fact name={words.failures}>{formats.integer(state.failures ?? 0)}</Fact>
        )}
        {state.fingerprint != null && (
          <Fact name={words.fingerprint}>
            <span className="identifier">{state.fingerprint}</span>
          </Fact>
        )}
      </dl>
    </div>
  )
}

const NEAR = 12 * 3_600_000

/** The time of day, with its day when that is not plain. */
function At({ when }: { when: Date }) {
  const { formats } = useSpeech()
  const now = useNow()
  const near = Math.abs(when.getTime() - now.getTime()) < NEAR
  return (
    <time dateTime={when.toISOString()} title={formats.exact(when)}>
      {near ? formats.timeWithSeconds(when) : formats.moment(when)}
    </time>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
