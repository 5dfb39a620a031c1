import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { activityQuery } from '@/api/queries'
import type { Activity, Connection } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Term } from '@/design/Term'
import { useMessages, useSpeech } from '@/language'
import { useKindName, useOwnerName } from '@/things/names'

/** Those that deliver first, then those that were ended. */
export function ConnectionList({ connections }: { connections: Connection[] }) {
  const words = useMessages().connections
  const activity = useQuery(activityQuery)
  const byKey = new Map(activity.data?.map((one) => [one.connection, one]))
  const sorted = connections.toSorted(
    (one, other) => Number(one.ended_at != null) - Number(other.ended_at != null),
  )
  return (
    <table className="stacked listing">
      <caption className="unseen">{words.title}</caption>
      <thead>
        <tr>
          <th scope="col">{words.columns.name}</th>
          <th scope="col">{words.columns.owner}</th>
          <th scope="col">{words.columns.since}</th>
          <th scope="col" className="number">
            {words.columns.last}
          </th>
          <th scope="col" className="number">
            <Term explained={words.dayExplained}>{words.columns.day}</Term>
          </th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((one) => (
          <Row key={one.key} connection={one} activity={byKey.get(one.key)} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ connection, activity }: { connection: Connection; activity: Activity | undefined }) {
  const { messages, formats } = useSpeech()
  const words = messages.connections
  const kindName = useKindName()
  const ownerName = useOwnerName()
  return (
    <tr>
      <th scope="row">
        <Link to="/connections/$key" params={{ key: connection.key }}>
          {connection.name}
        </Link>{' '}
        <span className="quiet">{kindName(connection.kind)}</span>
      </th>
      <td>{ownerName(connection.owner)}</td>
      <td data-label={words.columns.since}>{formats.date(new Date(connection.made_at))}</td>
      {connection.ended_at == null ? (
        <>
          <td className="number" data-label={words.columns.last}>
            {activity?.last ? (
              <Ago when={new Date(activity.last)} />
            ) : (
              <span className="quiet">{words.noneYet}</span>
            )}
          </td>
          <td className="number" data-label={words.columns.day}>
            {activity ? formats.integer(activity.day) : messages.none}
          </td>
        </>
      ) : (
        <td className="number quiet" colSpan={2}>
          {words.ended(formats.date(new Date(connection.ended_at)))}
        </td>
      )}
    </tr>
  )
}
