import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { invitationsQuery, invite, revokeInvitation, type RoleName } from '@/api/access'
import { sessionQuery } from '@/api/queries'
import type { Invitation, Invited } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { CopyField } from '@/design/CopyField'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useOwnerName, useOwners, type Owner } from '@/things/names'

const ROLES = ['reader', 'editor', 'operator', 'administrator'] as const

/** Inviting someone by e-mail, and the invitations that wait. */
export function Invitations({ of }: { of: Owner }) {
  const { messages, formats } = useSpeech()
  const words = messages.people.invitations
  const session = useQuery(sessionQuery)
  const found = useQuery(invitationsQuery)
  const [made, setMade] = useState<Invited | null>(null)
  const id = useId()
  const instance = session.data?.instance === true && session.data.structure === of.key
  const concerns = (one: Invitation) =>
    one.collectivity === of.key || (instance && one.invited_by === session.data?.key)
  return (
    <section className="part" aria-labelledby={id}>
      <h2 id={id}>{words.title}</h2>
      <p className="quiet">{words.explained}</p>
      {made && (
        <div className="issued">
          <p className="once">{words.once(formats.moment(new Date(made.invitation.expires)))}</p>
          <CopyField
            label={words.linkFor(made.invitation.email)}
            text={`${window.location.origin}/invitation#token=${made.token}`}
          />
        </div>
      )}
      <Inviting of={of} instance={instance} onMade={setMade} />
      <Answer query={found} lines={2}>
        {(all) => {
          const waiting = all.filter(concerns)
          return waiting.length === 0 ? (
            <p className="quiet">{words.none}</p>
          ) : (
            <ul className="held">
              {waiting.map((one) => (
                <Waiting key={one.key} invitation={one} elsewhere={one.collectivity !== of.key} />
              ))}
            </ul>
          )
        }}
      </Answer>
    </section>
  )
}

type Asking = { of: Owner; instance: boolean; onMade: (made: Invited) => void }

function Inviting({ of, instance, onMade }: Asking) {
  const { messages } = useSpeech()
  const words = messages.people.invitations
  const owners = useOwners()
  const [email, setEmail] = useState('')
  const [role, setRole] = useState<RoleName>('reader')
  const [where, setWhere] = useState(of.key)
  const first = where !== of.key
  const inviting = useMutation({
    mutationFn: () =>
      invite({ email: email.trim(), collectivity: where, role: first ? 'administrator' : role }),
    onSuccess: async (made, _, __, { client }) => {
      setEmail('')
      onMade(made)
      await client.invalidateQueries({ queryKey: ['people'] })
    },
  })
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        inviting.mutate()
      }}
    >
      {inviting.isError && <Trouble error={inviting.error} />}
      {instance && (
        <Field label={words.where} hint={words.whereHint}>
          {(field) => (
            <select {...field} value={where} onChange={({ target }) => setWhere(target.value)}>
              {owners.map((one) => (
                <option key={one.key} value={one.key}>
                  {one.name}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <div className="fields">
        <Field label={words.email} className="field grow">
          {(field) => (
            <input
              {...field}
              type="email"
              required
              autoComplete="off"
              value={email}
              onChange={({ target }) => setEmail(target.value)}
            />
          )}
        </Field>
        <Field label={messages.people.role} className="field grow">
          {(field) => (
            <select
              {...field}
              value={first ? 'administrator' : role}
              disabled={first}
              onChange={({ target }) => setRole(target.value as RoleName)}
            >
              {ROLES.map((one) => (
                <option key={one} value={one}>
                  {messages.roles[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      <button type="submit" className="button main" disabled={inviting.isPending || email.trim() === ''}>
        {words.submit}
      </button>
    </form>
  )
}

function Waiting({ invitation: one, elsewhere }: { invitation: Invitation; elsewhere: boolean }) {
  const { messages, formats } = useSpeech()
  const words = messages.people.invitations
  const ownerName = useOwnerName()
  const revoking = useMutation({
    mutationFn: () => revokeInvitation(one.key),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['people'] }),
  })
  return (
    <li>
      <h3>{one.email}</h3>
      <p className="quiet">
        {messages.roles[one.role]}
        {elsewhere && `, ${ownerName(one.collectivity)}`}
        {', '}
        {words.until(formats.moment(new Date(one.expires)))}
      </p>
      {revoking.isError && <Trouble error={revoking.error} />}
      <div className="ways">
        <button
          type="button"
          className="button"
          disabled={revoking.isPending}
          aria-label={words.revokeOf(one.email)}
          onClick={() => revoking.mutate()}
        >
          {words.revoke}
        </button>
      </div>
    </li>
  )
}
