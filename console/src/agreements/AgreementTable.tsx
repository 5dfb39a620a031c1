import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { openingQuery, revokeAgreement } from '@/api/access'
import type { Agreement } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Confirming } from '@/design/Confirming'
import { useNow } from '@/design/now'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useOwnerName } from '@/things/names'
import { OpeningWords } from '@/agreements/OpeningWords'
import { stateOf, usePeriod, useSubjectName } from '@/agreements/told'

export type Side = 'given' | 'received'
type Props = { agreements: Agreement[]; side: Side; caption: string }

const AT_FIRST = 20

/** Agreements one by one, each opening to what it says and what can be done with it. */
export function AgreementTable({ agreements, side, caption }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.agreements
  const [shown, setShown] = useState(AT_FIRST)
  const more = agreements.length - shown
  return (
    <>
      <table className="stacked listing agreements">
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{side === 'given' ? words.columns.receiver : words.columns.giver}</th>
            <th scope="col">{words.columns.what}</th>
            <th scope="col">{words.columns.right}</th>
            <th scope="col">{words.columns.period}</th>
            <th scope="col">{words.columns.state}</th>
            <th scope="col">
              <span className="unseen">{words.details}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {agreements.slice(0, shown).map((one) => (
            <Row key={one.key} agreement={one} side={side} />
          ))}
        </tbody>
      </table>
      {more > 0 && (
        <button type="button" className="button" onClick={() => setShown(shown + 100)}>
          {words.more(formats.integer(Math.min(more, 100)))}
        </button>
      )}
    </>
  )
}

function Row({ agreement, side }: { agreement: Agreement; side: Side }) {
  const words = useSpeech().messages.agreements
  const now = useNow()
  const ownerName = useOwnerName()
  const subjectName = useSubjectName()
  const period = usePeriod()
  const [open, setOpen] = useState(false)
  const other = ownerName(side === 'given' ? agreement.receiver : agreement.giver)
  return (
    <>
      <tr>
        <th scope="row">{other}</th>
        <td>{subjectName(agreement)}</td>
        <td>{words.rights[agreement.right]}</td>
        <td>{period(agreement)}</td>
        <td>{words.states[stateOf(agreement, now)]}</td>
        <td className="number">
          <button
            type="button"
            className="plain"
            aria-expanded={open}
            aria-label={words.detailsOf(other, subjectName(agreement))}
            onClick={() => setOpen(!open)}
          >
            {words.details}
          </button>
        </td>
      </tr>
      {open && (
        <tr className="unfolded">
          <td colSpan={6}>
            <Details agreement={agreement} side={side} other={other} />
          </td>
        </tr>
      )}
    </>
  )
}

function Details({ agreement: one, side, other }: { agreement: Agreement; side: Side; other: string }) {
  const { messages, formats } = useSpeech()
  const words = messages.agreements
  const opening = useQuery(openingQuery(one.key))
  const now = useNow()
  const state = stateOf(one, now)
  return (
    <div className="unfolded-body">
      <dl className="facts">
        <div>
          <dt>{words.purpose}</dt>
          <dd>{one.purpose}</dd>
        </div>
        <div>
          <dt>{words.columns.right}</dt>
          <dd>{words.rightsExplained[one.right]}</dd>
        </div>
        <div>
          <dt>{words.past}</dt>
          <dd>
            {one.since == null ? words.pastGiven : words.pastHidden(formats.moment(new Date(one.since)))}
          </dd>
        </div>
        <div>
          <dt>{words.made}</dt>
          <dd>
            <time dateTime={one.created} title={formats.exact(new Date(one.created))}>
              {formats.moment(new Date(one.created))}
            </time>
            {(one.origin ?? '').startsWith('adhesion:') && `${messages.semicolon}${words.byAdhesion}`}
          </dd>
        </div>
        {one.revoked_at != null && (
          <div>
            <dt>{words.states.revoked}</dt>
            <dd>{formats.moment(new Date(one.revoked_at))}</dd>
          </div>
        )}
      </dl>
      <Answer query={opening} lines={1}>
        {(counts) => (
          <p>
            <OpeningWords
              opening={counts}
              begin={state === 'current' ? words.opens[side] : words.wouldOpen}
            />
          </p>
        )}
      </Answer>
      {side === 'received' && state === 'current' && (
        <p>
          <Link to="/devices" search={{ owner: one.giver }}>
            {words.seeDevices(other)}
          </Link>
        </p>
      )}
      {(state === 'current' || state === 'toCome') && <Revoking agreement={one} side={side} other={other} />}
    </div>
  )
}

function Revoking({ agreement, side, other }: { agreement: Agreement; side: Side; other: string }) {
  const words = useSpeech().messages.agreements
  const [asked, setAsked] = useState(false)
  const revoking = useMutation({
    mutationFn: () => revokeAgreement(agreement.key),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['agreements'] }),
  })
  const { begin, explained, confirm } = words.revoke[side]
  if (!asked)
    return (
      <button type="button" className="button" onClick={() => setAsked(true)}>
        {begin}
      </button>
    )
  return (
    <>
      {revoking.isError && <Trouble error={revoking.error} />}
      <Confirming
        name={other}
        label={words.revoke.type(other)}
        explained={explained}
        confirm={confirm}
        pending={revoking.isPending}
        onConfirmed={() => revoking.mutate()}
        onClose={() => setAsked(false)}
      />
    </>
  )
}
