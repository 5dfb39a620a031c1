import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState, type ReactNode } from 'react'
import { connectionKindsQuery, sessionQuery } from '@/api/queries'
import type { Kind, NewConnection } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { BrokerFields, brokerOf, NO_BROKER } from '@/connections/BrokerFields'
import { connect } from '@/connections/changes'
import { Issued } from '@/connections/Issued'
import { useOwners } from '@/connections/names'

const ANY_JSON = 'json'

/** Connecting a network, in one step. */
export function NewConnectionPage() {
  const { connections: words } = useSpeech().messages
  const kinds = useQuery(connectionKindsQuery)
  const connecting = useMutation({
    mutationFn: connect,
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['connections'] }),
  })
  const made = connecting.data
  useTitle(words.connect)
  return (
    <>
      <Trail places={[{ to: '/connections', name: words.title }]} here={words.connect} />
      <h1>{made ? words.made(made.connection.name) : words.connect}</h1>
      {made ? (
        <Issued issued={made} />
      ) : (
        <>
          <p className="over">{words.connectIntro}</p>
          {connecting.isError && <Trouble error={connecting.error} />}
          <Answer query={kinds}>
            {(known) => <Form kinds={known} pending={connecting.isPending} onMade={connecting.mutate} />}
          </Answer>
        </>
      )}
    </>
  )
}

type FormProps = { kinds: Kind[]; pending: boolean; onMade: (body: NewConnection) => void }

function Form({ kinds, pending, onMade }: FormProps) {
  const { language, messages } = useSpeech()
  const words = messages.connections.form
  const [code, setCode] = useState(kinds[0]?.kind ?? '')
  const [owner, setOwner] = useState('')
  const [name, setName] = useState('')
  const [mqtt, setMqtt] = useState(false)
  const [broker, setBroker] = useState(NO_BROKER)
  const [mapping, setMapping] = useState('')
  const owners = useAdministered()
  const kind = kinds.find((one) => one.kind === code)
  const byMqtt = mqtt && kind?.transports.includes('mqtt') === true
  const submit = () =>
    onMade({
      kind: code,
      owner: owner || (owners[0]?.key ?? ''),
      name: name.trim(),
      ...(byMqtt ? brokerOf(broker) : {}),
      ...(code === ANY_JSON && mapping.trim() !== '' ? { mapping } : {}),
    })
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <Field label={words.kind}>
        {(id) => (
          <select id={id} value={code} onChange={(event) => setCode(event.target.value)}>
            {kinds.map((one) => (
              <option key={one.kind} value={one.kind}>
                {one.name[language]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words.owner} hint={words.ownerHint}>
        {(id) => (
          <select id={id} value={owner} onChange={(event) => setOwner(event.target.value)}>
            {owners.map((one) => (
              <option key={one.key} value={one.key}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words.name} hint={words.nameHint}>
        {(id) => (
          <input
            id={id}
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {kind?.transports.includes('mqtt') === true && (
        <fieldset className="ways-in">
          <legend>{words.way}</legend>
          <label>
            <input type="radio" name="way" checked={!mqtt} onChange={() => setMqtt(false)} /> {words.http}
          </label>
          <label>
            <input type="radio" name="way" checked={mqtt} onChange={() => setMqtt(true)} /> {words.mqtt}
          </label>
        </fieldset>
      )}
      {byMqtt && <BrokerFields kind={kind} typed={broker} onTyped={setBroker} />}
      {code === ANY_JSON && (
        <Field label={words.mapping} hint={words.mappingHint}>
          {(id) => (
            <textarea
              id={id}
              rows={8}
              spellCheck={false}
              value={mapping}
              onChange={(event) => setMapping(event.target.value)}
            />
          )}
        </Field>
      )}
      <button type="submit" className="button main" disabled={pending}>
        {pending ? words.connecting : words.submit}
      </button>
    </form>
  )
}

type FieldProps = { label: string; hint?: string; children: (id: string) => ReactNode }

function Field({ label, hint, children }: FieldProps) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children(id)}
      {hint !== undefined && <p className="quiet">{hint}</p>}
    </div>
  )
}

/** Those that the reader administers. */
function useAdministered() {
  const session = useQuery(sessionQuery)
  const owners = useOwners()
  return owners.filter((one) => session.data?.rights[one.key] === 'administer')
}
