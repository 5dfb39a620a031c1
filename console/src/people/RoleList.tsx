import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import {
  endSessionsOf,
  giveLink,
  grantRole,
  peopleQuery,
  rolesQuery,
  setDisabled,
  withdrawRole,
  type RoleName,
} from '@/api/access'
import { sessionQuery } from '@/api/queries'
import type { Role } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Confirming } from '@/design/Confirming'
import { CopyField } from '@/design/CopyField'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import type { Owner } from '@/things/names'

const ROLES = ['reader', 'editor', 'operator', 'administrator'] as const

/** The people of a collectivité and their roles. */
export function RoleList({ of }: { of: Owner }) {
  const words = useSpeech().messages.people
  const roles = useQuery(rolesQuery(of.key))
  const id = useId()
  return (
    <section className="part" aria-labelledby={id}>
      <h2 id={id}>{words.people}</h2>
      <Answer query={roles} lines={4}>
        {(some) =>
          some.length === 0 ? (
            <p className="empty">{words.nobody}</p>
          ) : (
            <ul className="held people">
              {some
                .toSorted((one, other) => one.name.localeCompare(other.name, 'fr'))
                .map((one) => (
                  <Person key={one.person} role={one} of={of} />
                ))}
            </ul>
          )
        }
      </Answer>
    </section>
  )
}

type Deed = 'withdraw' | 'link'

function Person({ role, of }: { role: Role; of: Owner }) {
  const { messages, formats } = useSpeech()
  const words = messages.people
  const session = useQuery(sessionQuery)
  const people = useQuery(peopleQuery(of.key))
  const [deed, setDeed] = useState<Deed | null>(null)
  const person = people.data?.find((one) => one.key === role.person)
  const mine = session.data?.key === role.person
  const renew = { queryKey: ['people'] }
  const linking = useMutation({ mutationFn: () => giveLink(role.person) })
  const ending = useMutation({ mutationFn: () => endSessionsOf(role.person) })
  const closing = useMutation({
    mutationFn: (disabled: boolean) => setDisabled(role.person, disabled),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries(renew),
  })
  const withdrawing = useMutation({
    mutationFn: () => withdrawRole(of.key, role.person),
    onSuccess: async (_, __, ___, { client }) => {
      await client.invalidateQueries(renew)
      if (mine) await client.invalidateQueries({ queryKey: ['session'] })
    },
  })
  const failed = [linking, ending, closing, withdrawing].find((one) => one.isError)
  return (
    <li>
      <h3>
        {role.name} {mine && <span className="quiet">{words.you}</span>}
        {person?.disabled === true && <span className="quiet"> {words.closed}</span>}
      </h3>
      <p className="quiet">{role.email}</p>
      <RoleChoice role={role} of={of} mine={mine} />
      <p role="status" className="result">
        {ending.data !== undefined &&
          words.ended(ending.data.sessions, formats.integer(ending.data.sessions))}
      </p>
      {failed && <Trouble error={failed.error} />}
      {linking.data && deed === 'link' && (
        <div className="issued">
          <p className="once">{words.linkOnce(formats.moment(new Date(linking.data.expires)))}</p>
          <CopyField
            label={words.linkOf(role.name)}
            text={`${window.location.origin}/sign-in#token=${linking.data.token}`}
          />
        </div>
      )}
      {deed === 'withdraw' && (
        <Confirming
          name={role.name}
          label={words.typeName(role.name)}
          explained={mine ? words.leaveExplained(of.name) : words.withdrawExplained(of.name)}
          confirm={words.withdrawConfirm}
          pending={withdrawing.isPending}
          onConfirmed={() => withdrawing.mutate()}
          onClose={() => setDeed(null)}
        />
      )}
      <div className="ways">
        {!mine && (
          <>
            <button
              type="button"
              className="button"
              disabled={linking.isPending}
              onClick={() => {
                setDeed('link')
                linking.mutate()
              }}
            >
              {words.link}
            </button>
            <button
              type="button"
              className="button"
              disabled={ending.isPending}
              onClick={() => ending.mutate()}
            >
              {words.endSessions}
            </button>
          </>
        )}
        <button type="button" className="button" onClick={() => setDeed('withdraw')}>
          {mine ? words.leave : words.withdraw}
        </button>
        {session.data?.instance === true && !mine && person !== undefined && (
          <button
            type="button"
            className="button"
            disabled={closing.isPending}
            onClick={() => closing.mutate(person.disabled !== true)}
          >
            {person.disabled === true ? words.reopen : words.close}
          </button>
        )}
      </div>
    </li>
  )
}

/** A role changed at once, and changed back as easily. */
function RoleChoice({ role, of, mine }: { role: Role; of: Owner; mine: boolean }) {
  const { messages } = useSpeech()
  const words = messages.people
  const id = useId()
  const [before, setBefore] = useState<RoleName | null>(null)
  const changing = useMutation({
    mutationFn: (name: RoleName) => grantRole(of.key, role.person, name),
    onSuccess: async (_, __, ___, { client }) => {
      await client.invalidateQueries({ queryKey: ['people'] })
      if (mine) await client.invalidateQueries({ queryKey: ['session'] })
    },
  })
  const change = (name: RoleName, undone: RoleName | null) => {
    changing.mutate(name, { onSuccess: () => setBefore(undone) })
  }
  return (
    <>
      <div className="field narrow">
        <label htmlFor={id}>{words.roleOf(role.name)}</label>
        <select
          id={id}
          value={changing.isPending ? changing.variables : role.role}
          disabled={changing.isPending}
          aria-describedby={`${id}-may`}
          onChange={({ target }) => change(target.value as RoleName, role.role)}
        >
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {messages.roles[one]}
            </option>
          ))}
        </select>
        <p id={`${id}-may`} className="quiet">
          {messages.rolesExplained[role.role]}
        </p>
      </div>
      {changing.isError && <Trouble error={changing.error} />}
      <p role="status" className="result">
        {before !== null && !changing.isPending && (
          <>
            {words.changed(role.name, messages.roles[role.role].toLowerCase())}{' '}
            <button type="button" className="plain" onClick={() => change(before, null)}>
              {words.undo}
            </button>
          </>
        )}
      </p>
    </>
  )
}
