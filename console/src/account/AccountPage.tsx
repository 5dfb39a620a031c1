import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { keysQuery, meQuery } from '@/api/access'
import { sessionQuery } from '@/api/queries'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { useOwnerName } from '@/things/names'
import { Looks, Name } from '@/account/Looks'
import { Notifications } from '@/account/Notifications'
import { Password } from '@/account/Password'
import { Sessions } from '@/account/Sessions'

/** The role that gives a right. */
const ROLES = { read: 'reader', edit: 'editor', operate: 'operator', administer: 'administrator' } as const

/** What concerns oneself: what one may do, name, language, theme, password, sessions, keys made. */
export function AccountPage() {
  const { account: words } = useSpeech().messages
  const me = useQuery(meQuery)
  useTitle(words.open)
  return (
    <>
      <Trail here={words.open} />
      <h1>{words.open}</h1>
      <Answer query={me} lines={6}>
        {({ person, has_password }) => (
          <>
            <p className="sentence">{words.intro(person.name, person.email)}</p>
            <Rights />
            <Name person={person} />
            <Looks />
            <Notifications />
            <Password has={has_password} email={person.email} />
            <Sessions />
            <Keys me={person.key} />
          </>
        )}
      </Answer>
    </>
  )
}

function Rights() {
  const { messages } = useSpeech()
  const words = messages.account
  const session = useQuery(sessionQuery)
  const ownerName = useOwnerName()
  const rights = Object.entries(session.data?.rights ?? {})
  return (
    <section className="part" aria-labelledby="rights">
      <h2 id="rights">{words.mayTitle}</h2>
      {rights.length === 0 && session.data !== undefined && <p>{words.mayNothing}</p>}
      <dl className="rights-held">
        {rights.map(([owner, right]) => (
          <div key={owner}>
            <dt>{ownerName(owner)}</dt>
            <dd>{messages.colon(messages.roles[ROLES[right]], messages.rolesExplained[ROLES[right]])}</dd>
          </div>
        ))}
      </dl>
      {session.data?.instance === true && <p>{words.instance}</p>}
    </section>
  )
}

function Keys({ me }: { me: string }) {
  const { messages } = useSpeech()
  const words = messages.account
  const found = useQuery(keysQuery)
  const ownerName = useOwnerName()
  const mine = (found.data ?? []).filter((one) => one.created_by === me && one.revoked_at == null)
  return (
    <section className="part" aria-labelledby="my-keys">
      <h2 id="my-keys">{words.keys}</h2>
      {mine.length === 0 ? (
        <p className="quiet">{words.keysNone}</p>
      ) : (
        <>
          <ul className="plain-list">
            {mine.map((one) => (
              <li key={one.key}>
                {one.name}{' '}
                <span className="quiet">
                  {ownerName(one.collectivity)}, {messages.rights[one.right]}
                </span>
              </li>
            ))}
          </ul>
          <Link to="/people">{words.keysManage}</Link>
        </>
      )}
    </section>
  )
}
