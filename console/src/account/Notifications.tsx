import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { mannerQuery, saveManner } from '@/api/notifications'
import type { Manner, Telling } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

const KINDS = ['silence', 'connection', 'quarantine', 'agreement', 'move', 'computation', 'import'] as const
const WAYS = ['none', 'console', 'email'] as const
const RHYTHMS = ['at-once', 'daily'] as const
const NIGHT = { quiet_from: '20:00', quiet_until: '07:00' }

/** Of what one is told, where and when. */
export function Notifications() {
  const { notifications: words } = useSpeech().messages
  const found = useQuery(mannerQuery)
  const part = useRef<HTMLElement>(null)
  const { hash } = useLocation()
  useEffect(() => {
    if (hash === 'notifications') part.current?.scrollIntoView()
  }, [hash])
  return (
    <section className="part" ref={part} aria-labelledby="notifications">
      <h2 id="notifications">{words.mine}</h2>
      <Answer query={found} lines={7}>
        {(telling) => <Form telling={telling} />}
      </Answer>
    </section>
  )
}

function Form({ telling: { manner: held, mail, trouble } }: { telling: Telling }) {
  const { messages, formats } = useSpeech()
  const words = messages.notifications
  const [manner, setManner] = useState<Manner>(held)
  const saving = useMutation({
    mutationFn: () => saveManner(manner),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries(mannerQuery),
  })
  const change = (some: Manner) => {
    saving.reset()
    setManner({ ...manner, ...some })
  }
  const quiet = manner.quiet_from != null && manner.quiet_until != null
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate()
      }}
    >
      {mail === 'unset' && <p className="note">{words.mailUnset}</p>}
      {trouble != null && <p className="note">{words.mailTrouble(trouble)}</p>}
      <table className="stacked listing manners">
        <caption className="unseen">{words.mine}</caption>
        <thead>
          <tr>
            <th scope="col">{words.about}</th>
            <th scope="col">{words.way}</th>
          </tr>
        </thead>
        <tbody>
          {KINDS.map((kind) => (
            <tr key={kind}>
              <th scope="row">
                {words.kinds[kind].name}
                <span className="quiet">{words.kinds[kind].explained}</span>
              </th>
              <td data-label={words.way}>
                <div className="field">
                  <select
                    aria-label={words.wayOf(words.kinds[kind].name)}
                    value={manner.ways?.[kind] ?? 'console'}
                    onChange={({ target }) => {
                      const way = WAYS.find((one) => one === target.value) ?? 'console'
                      change({ ways: { ...manner.ways, [kind]: way } })
                    }}
                  >
                    {WAYS.map((one) => (
                      <option key={one} value={one}>
                        {words.ways[one]}
                      </option>
                    ))}
                  </select>
                </div>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <fieldset className="choices-of">
        <legend>{words.rhythm}</legend>
        {RHYTHMS.map((one) => (
          <label key={one} className="check">
            <input
              type="radio"
              name="rhythm"
              checked={(manner.rhythm ?? 'at-once') === one}
              onChange={() => change({ rhythm: one })}
            />
            {words.rhythms[one]}
          </label>
        ))}
      </fieldset>
      {manner.rhythm === 'daily' ? (
        <Field label={words.dailyAt} hint={messages.zone(formats.zone)} className="field narrow">
          {(field) => (
            <input
              {...field}
              type="time"
              required
              value={manner.daily_at ?? '08:00'}
              onChange={({ target }) => change({ daily_at: target.value })}
            />
          )}
        </Field>
      ) : (
        <>
          <label className="check">
            <input
              type="checkbox"
              checked={quiet}
              onChange={({ target }) =>
                change(target.checked ? NIGHT : { quiet_from: null, quiet_until: null })
              }
            />
            {words.quiet}
          </label>
          {quiet && (
            <div className="fields">
              {(['quiet_from', 'quiet_until'] as const).map((name) => (
                <Field key={name} label={words[name]} hint={messages.zone(formats.zone)}>
                  {(field) => (
                    <input
                      {...field}
                      type="time"
                      required
                      value={manner[name] ?? ''}
                      onChange={({ target }) => change({ [name]: target.value })}
                    />
                  )}
                </Field>
              ))}
            </div>
          )}
        </>
      )}
      {saving.isError && <Trouble error={saving.error} />}
      <div className="ways">
        <button type="submit" className="button" disabled={saving.isPending}>
          {messages.account.save}
        </button>
        <p role="status" className="result">
          {saving.isSuccess && messages.account.saved}
        </p>
      </div>
    </form>
  )
}
