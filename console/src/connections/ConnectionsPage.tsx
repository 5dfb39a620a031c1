import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { connectionsQuery, heldGroupsQuery, sessionQuery } from '@/api/queries'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { Claims } from '@/connections/Claims'
import { ConnectionList } from '@/connections/ConnectionList'
import { HeldGroups } from '@/connections/HeldGroups'
import { AwaitingDownlinks } from '@/downlinks/AwaitingDownlinks'

/** The networks that deliver, and what is held of what they brought. */
export function ConnectionsPage() {
  const { connections: words } = useSpeech().messages
  const found = useQuery(connectionsQuery)
  useTitle(words.title)
  return (
    <>
      <Trail here={words.title} />
      <div className="heading">
        <h1>{words.title}</h1>
        {(found.data?.length ?? 0) > 0 && <Connect />}
      </div>
      <Answer query={found}>
        {(some) =>
          some.length === 0 ? (
            <div className="empty">
              <p>{words.empty}</p>
              <p className="quiet">{words.emptyDetail}</p>
              <Connect />
            </div>
          ) : (
            <>
              <Sentence open={some.filter((one) => one.ended_at == null).length} />
              <ConnectionList connections={some} />
            </>
          )
        }
      </Answer>
      <AwaitingDownlinks />
      <Claims />
      <HeldGroups />
    </>
  )
}

function Connect() {
  const { connections: words } = useSpeech().messages
  const session = useQuery(sessionQuery)
  const may = Object.values(session.data?.rights ?? {}).includes('administer')
  if (!may) return null
  return (
    <Link to="/connections/new" className="button main">
      {words.connect}
    </Link>
  )
}

function Sentence({ open }: { open: number }) {
  const { messages, formats } = useSpeech()
  const words = messages.connections
  const groups = useQuery(heldGroupsQuery)
  const waiting = (groups.data ?? []).reduce((sum, one) => sum + one.messages, 0)
  return (
    <p className="sentence">
      {words.sentence(open, formats.integer(open))}
      {groups.data && `${messages.semicolon}${words.waiting(waiting, formats.integer(waiting))}`}.
    </p>
  )
}
