import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { invitationsQuery, keysQuery, rolesQuery } from '@/api/access'
import { sessionQuery } from '@/api/queries'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { among, useAdministered } from '@/things/administered'
import type { Owner } from '@/things/names'
import { OfWhich } from '@/things/OfWhich'
import { Invitations } from '@/people/Invitations'
import { KeyList } from '@/people/KeyList'
import { RoleList } from '@/people/RoleList'

const route = getRouteApi('/inside/people')

/** Who may do what in a collectivité: people, those invited, and the keys of machines. */
export function PeoplePage() {
  const words = useSpeech().messages.people
  const session = useQuery(sessionQuery)
  const administered = useAdministered()
  const of = among(administered, route.useSearch().of)
  const navigate = route.useNavigate()
  const reads = Object.values(session.data?.rights ?? {}).includes('administer')
  useTitle(words.title, of?.name)
  return (
    <>
      <Trail here={words.title} />
      <h1>{words.title}</h1>
      {!reads && (
        <div className="empty">
          <p>{words.administratorsOnly}</p>
          <p className="quiet">
            <Link to="/account">{words.seeMine}</Link>
          </p>
        </div>
      )}
      {of !== undefined && (
        <>
          <Sentence of={of} />
          <div className="ways spaced">
            <OfWhich
              owners={administered}
              of={of}
              onChosen={(key) => void navigate({ search: { of: key }, replace: true })}
            />
          </div>
          <RoleList key={`roles ${of.key}`} of={of} />
          <Invitations key={`invitations ${of.key}`} of={of} />
          <KeyList key={`keys ${of.key}`} of={of} />
          <RolesExplained />
        </>
      )}
    </>
  )
}

function Sentence({ of }: { of: Owner }) {
  const { messages, formats } = useSpeech()
  const words = messages.people
  const roles = useQuery(rolesQuery(of.key))
  const invitations = useQuery(invitationsQuery)
  const keys = useQuery(keysQuery)
  if (!roles.data || !invitations.data || !keys.data) return <p className="sentence">&nbsp;</p>
  const waiting = invitations.data.filter((one) => one.collectivity === of.key).length
  const open = keys.data.filter((one) => one.collectivity === of.key && one.revoked_at == null).length
  const shown = {
    people: formats.integer(roles.data.length),
    waiting: formats.integer(waiting),
    keys: formats.integer(open),
  }
  return (
    <p className="sentence">
      {words.sentence({ name: of.name, people: roles.data.length, waiting, keys: open }, shown)}
    </p>
  )
}

function RolesExplained() {
  const { messages } = useSpeech()
  const words = messages.people
  return (
    <section className="part" aria-labelledby="roles-explained">
      <h2 id="roles-explained">{words.whoMay}</h2>
      <p className="quiet">{words.whoMayExplained}</p>
      <table className="listing roles-explained">
        <caption className="unseen">{words.whoMay}</caption>
        <thead>
          <tr>
            <th scope="col">{words.role}</th>
            <th scope="col">{words.may}</th>
          </tr>
        </thead>
        <tbody>
          {(['reader', 'editor', 'operator', 'administrator'] as const).map((one) => (
            <tr key={one}>
              <th scope="row">{messages.roles[one]}</th>
              <td>{messages.rolesExplained[one]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
