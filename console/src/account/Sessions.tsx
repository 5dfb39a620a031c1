import { useMutation, useQuery } from '@tanstack/react-query'
import { endOtherSessions, endSession, mySessionsQuery } from '@/api/access'
import { sessionQuery } from '@/api/queries'
import type { Session } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { deviceOf } from '@/account/agent'

const SEEN = ['me', 'sessions']

/** Where one is signed in; ended one by one, or all the others. */
export function Sessions() {
  const { messages, formats } = useSpeech()
  const words = messages.account
  const found = useQuery(mySessionsQuery)
  const used = useQuery(sessionQuery).data?.session
  const ending = useMutation({
    mutationFn: endOtherSessions,
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: SEEN }),
  })
  return (
    <section className="part" aria-labelledby="my-sessions">
      <h2 id="my-sessions">{words.sessions}</h2>
      {ending.isError && <Trouble error={ending.error} />}
      <Answer query={found} lines={3}>
        {(all) => (
          <>
            <p>{words.sessionsSentence(all.length, formats.integer(all.length))}</p>
            <table className="stacked listing sessions">
              <caption className="unseen">{words.sessions}</caption>
              <thead>
                <tr>
                  <th scope="col">{words.columns.device}</th>
                  <th scope="col">{words.columns.address}</th>
                  <th scope="col">{words.columns.way}</th>
                  <th scope="col">{words.columns.opened}</th>
                  <th scope="col">{words.columns.seen}</th>
                  <th scope="col">
                    <span className="unseen">{words.end}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {all
                  .toSorted(
                    (one, other) =>
                      Number(other.key === used) - Number(one.key === used) ||
                      other.seen.localeCompare(one.seen),
                  )
                  .map((one) => (
                    <Row key={one.key} session={one} here={one.key === used} />
                  ))}
              </tbody>
            </table>
            {all.length > 1 && (
              <button
                type="button"
                className="button"
                disabled={ending.isPending}
                onClick={() => ending.mutate()}
              >
                {words.endOthers}
              </button>
            )}
          </>
        )}
      </Answer>
      <p role="status" className="result">
        {ending.data && words.endedOthers(ending.data.sessions, formats.integer(ending.data.sessions))}
      </p>
    </section>
  )
}

function Row({ session: one, here }: { session: Session; here: boolean }) {
  const { messages, formats } = useSpeech()
  const words = messages.account
  const ending = useMutation({
    mutationFn: () => endSession(one.key),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: SEEN }),
  })
  const device = deviceOf(one.agent)
  const name =
    device === null
      ? words.unknownDevice
      : device.system === null
        ? device.browser
        : words.onSystem(device.browser, device.system)
  return (
    <tr>
      <th scope="row" title={one.agent}>
        {name} {here && <strong>· {words.here}</strong>}
      </th>
      <td data-label={words.columns.address}>
        <span className="identifier">{one.address === '' ? messages.none : one.address}</span>
      </td>
      <td data-label={words.columns.way}>{words.ways[one.opened_by]}</td>
      <td data-label={words.columns.opened}>
        <time dateTime={one.created} title={formats.exact(new Date(one.created))}>
          {formats.moment(new Date(one.created))}
        </time>
      </td>
      <td data-label={words.columns.seen}>
        <Ago when={new Date(one.seen)} />
      </td>
      <td className="number">
        {ending.isError && <Trouble error={ending.error} />}
        {!here && (
          <button
            type="button"
            className="button"
            aria-label={words.endOf(name)}
            disabled={ending.isPending}
            onClick={() => ending.mutate()}
          >
            {words.end}
          </button>
        )}
      </td>
    </tr>
  )
}
