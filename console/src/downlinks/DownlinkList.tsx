import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { sessionQuery } from '@/api/queries'
import type { Downlink, DownlinkStep } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useMessages, useSpeech } from '@/language'
import { approve, cancel, refuse } from '@/downlinks/changes'

/** Downlinks, each with its history and what the reader may do with it. */
export function DownlinkList({ downlinks, operates }: { downlinks: Downlink[]; operates: boolean }) {
  return (
    <ul className="held">
      {downlinks.map((one) => (
        <One key={one.key} downlink={one} operates={operates} />
      ))}
    </ul>
  )
}

function One({ downlink: told, operates }: { downlink: Downlink; operates: boolean }) {
  const { messages, formats } = useSpeech()
  const words = messages.downlinks
  const [refusing, setRefusing] = useState(false)
  const session = useQuery(sessionQuery)
  const changing = useMutation({
    mutationFn: (change: () => Promise<Downlink>) => change(),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['downlinks'] }),
  })
  const waits = told.state === 'awaiting-approval'
  const mine = session.data?.name === told.asked_by
  const mayCancel = waits || (told.state === 'queued' && told.handed_at == null)
  const reason = formats.language === 'fr' ? told.reason_fr : told.reason_en
  return (
    <li>
      <h3>{words.states[told.state]}</h3>
      <p>
        <code>{told.payload.toUpperCase()}</code> {words.onPort(told.port)}
        {told.confirmed && ` · ${words.toConfirm}`}
        {told.command != null && (
          <>
            {' · '}
            <code>{JSON.stringify(told.command)}</code>
          </>
        )}
      </p>
      {reason != null && <p>{reason}</p>}
      {(waits || told.state === 'queued') && (
        <p className="quiet">{words.until(formats.moment(new Date(told.expires_at)))}</p>
      )}
      <History steps={told.history ?? []} />
      {changing.isError && <Trouble error={changing.error} />}
      {refusing ? (
        <Refusing
          onRefuse={(why) => changing.mutate(() => refuse(told.key, why))}
          onClose={() => setRefusing(false)}
        />
      ) : (
        operates && (
          <div className="ways">
            {waits && !mine && (
              <button
                type="button"
                className="button main"
                disabled={changing.isPending}
                onClick={() => changing.mutate(() => approve(told.key))}
              >
                {words.approve}
              </button>
            )}
            {waits && !mine && (
              <button type="button" className="button" onClick={() => setRefusing(true)}>
                {words.refuse}
              </button>
            )}
            {mayCancel && (
              <button
                type="button"
                className="button"
                disabled={changing.isPending}
                onClick={() => changing.mutate(() => cancel(told.key))}
              >
                {words.cancel}
              </button>
            )}
          </div>
        )
      )}
    </li>
  )
}

function History({ steps }: { steps: DownlinkStep[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.downlinks
  return (
    <ol className="journey">
      {steps.map((step, place) => (
        <li key={place}>
          <time dateTime={step.at} title={formats.exact(new Date(step.at))}>
            {formats.moment(new Date(step.at))}
          </time>{' '}
          {words.steps[step.step]}
          {step.by != null && ` ${words.by(step.by)}`}
        </li>
      ))}
    </ol>
  )
}

function Refusing({ onRefuse, onClose }: { onRefuse: (reason: string) => void; onClose: () => void }) {
  const { downlinks: words, connections } = useMessages()
  const [reason, setReason] = useState('')
  const id = useId()
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        onRefuse(reason.trim())
      }}
    >
      <div className="field">
        <label htmlFor={id}>{words.why}</label>
        <input
          id={id}
          required
          pattern=".*\S.*"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
      <div className="ways">
        <button type="submit" className="button main">
          {words.refuse}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {connections.ending.cancel}
        </button>
      </div>
    </form>
  )
}
