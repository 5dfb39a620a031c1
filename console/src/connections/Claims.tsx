import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { claimsQuery, sessionQuery, structureQuery } from '@/api/queries'
import type { Claim, Contested, Settled } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Trouble } from '@/design/Trouble'
import { useMessages, useSpeech } from '@/language'
import { confirmClaims, settleClaim, withdrawClaim } from '@/connections/changes'
import { useOwnerName } from '@/connections/names'

/** Devices that several collectivités declare, or that the structure did not confirm yet; nothing where there is none. */
export function Claims() {
  const { messages, formats } = useSpeech()
  const { claims: words } = messages
  const [done, setDone] = useState('')
  const found = useQuery(claimsQuery).data ?? []
  const session = useQuery(sessionQuery)
  const structure = useQuery(structureQuery)
  const right = session.data?.rights[structure.data?.key ?? ''] ?? 'read'
  const judges = right === 'operate' || right === 'administer'
  const title = useId()
  const sure = found.filter((one) => !one.contested).flatMap((one) => one.claims.map((claim) => claim.device))
  if (found.length === 0 && done === '') return null
  return (
    <section className="part" aria-labelledby={title}>
      <h2 id={title}>{words.title}</h2>
      <p className="quiet">{judges ? words.explained : words.explainedMember}</p>
      <p role="status" className="result">
        {done}
      </p>
      {judges && sure.length > 1 && <ConfirmAll devices={sure} onDone={(told) => setDone(resultOf(told))} />}
      <ul className="held">
        {found.map((one) => (
          <One
            key={one.identifier}
            contested={one}
            judges={judges}
            onSettled={(told) => setDone(resultOf(told))}
            onWithdrawn={() => setDone(words.withdrawn)}
          />
        ))}
      </ul>
    </section>
  )

  function resultOf({ replayed, waiting }: Settled): string {
    return messages.connections.held.result(replayed, waiting, {
      replayed: formats.integer(replayed),
      waiting: formats.integer(waiting),
    })
  }
}

function ConfirmAll({ devices, onDone }: { devices: number[]; onDone: (told: Settled) => void }) {
  const { messages, formats } = useSpeech()
  const { claims: words } = messages
  const confirming = useMutation({
    mutationFn: () => confirmClaims(devices),
    onSuccess: (told, _, __, { client }) => {
      onDone(told)
      return refreshed(client)
    },
  })
  return (
    <>
      {confirming.isError && <Trouble error={confirming.error} />}
      <button
        type="button"
        className="button"
        disabled={confirming.isPending}
        onClick={() => confirming.mutate()}
      >
        {words.confirmAll(formats.integer(devices.length))}
      </button>
    </>
  )
}

type Props = {
  contested: Contested
  judges: boolean
  onSettled: (told: Settled) => void
  onWithdrawn: () => void
}

function One({ contested, judges, onSettled, onWithdrawn }: Props) {
  const { messages, formats } = useSpeech()
  const { claims: words } = messages
  const [chosen, setChosen] = useState<Claim | null>(null)
  const heard = contested.heard.reduce((sum, one) => sum + one.messages, 0)
  const deciding = useMutation({
    mutationFn: (decide: () => Promise<Settled>) => decide(),
    onSuccess: (told, _, __, { client }) => {
      onSettled(told)
      return refreshed(client)
    },
  })
  const withdrawing = useMutation({
    mutationFn: withdrawClaim,
    onSuccess: (_, __, ___, { client }) => {
      onWithdrawn()
      return refreshed(client)
    },
  })
  return (
    <li>
      <h3>
        {messages.colon(contested.contested ? words.contested : words.unconfirmed, contested.identifier)}
      </h3>
      {heard > 0 && (
        <p className="quiet">
          {messages.connections.held.messages(heard, formats.integer(heard))} {words.waiting}
        </p>
      )}
      {(deciding.isError || withdrawing.isError) && <Trouble error={deciding.error ?? withdrawing.error} />}
      <ul className="sides">
        {contested.claims.map((claim) => (
          <Side key={claim.device} claim={claim}>
            {judges && !contested.contested && (
              <button
                type="button"
                className="button main"
                disabled={deciding.isPending}
                onClick={() => deciding.mutate(() => confirmClaims([claim.device]))}
              >
                {words.confirm}
              </button>
            )}
            {judges && contested.contested && (
              <button type="button" className="button" onClick={() => setChosen(claim)}>
                {words.theirs}
              </button>
            )}
            {!judges && claim.state !== 'withdrawn' && (
              <button
                type="button"
                className="button"
                disabled={withdrawing.isPending}
                onClick={() => withdrawing.mutate(claim.device)}
              >
                {words.notMine}
              </button>
            )}
          </Side>
        ))}
      </ul>
      {chosen !== null && (
        <Settling
          claim={chosen}
          onSettle={(reason) =>
            deciding.mutate(() => settleClaim(contested.identifier, chosen.device, reason))
          }
          onClose={() => setChosen(null)}
        />
      )}
    </li>
  )
}

function Side({ claim, children }: { claim: Claim; children: React.ReactNode }) {
  const { claims: words } = useMessages()
  const ownerName = useOwnerName()
  return (
    <li>
      <p>
        <strong>{ownerName(claim.owner)}</strong> · {claim.name} · {words.states[claim.state]}
      </p>
      {claim.declared_at != null && (
        <p className="quiet">
          {words.declared} <Ago when={new Date(claim.declared_at)} />
          {claim.declared_by != null && ` ${words.by(claim.declared_by)}`}
        </p>
      )}
      <div className="ways">{children}</div>
    </li>
  )
}

type Deciding = { claim: Claim; onSettle: (reason: string) => void; onClose: () => void }

/** The reason, told to the others, before it is decided. */
function Settling({ claim, onSettle, onClose }: Deciding) {
  const { claims: words, connections } = useMessages()
  const ownerName = useOwnerName()
  const [reason, setReason] = useState('')
  const id = useId()
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        onSettle(reason.trim())
      }}
    >
      <p>{words.decision(ownerName(claim.owner))}</p>
      <div className="field">
        <label htmlFor={id}>{words.reason}</label>
        <input
          id={id}
          required
          pattern=".*\S.*"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <p className="quiet">{words.reasonHint}</p>
      </div>
      <div className="ways">
        <button type="submit" className="button main">
          {words.settle}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {connections.ending.cancel}
        </button>
      </div>
    </form>
  )
}

function refreshed(client: { invalidateQueries: (filter: { queryKey: string[] }) => Promise<void> }) {
  return Promise.all([
    client.invalidateQueries({ queryKey: ['claims'] }),
    client.invalidateQueries({ queryKey: ['held-messages'] }),
  ])
}
