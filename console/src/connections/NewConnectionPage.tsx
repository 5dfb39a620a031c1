import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { connectionKindsQuery, sessionQuery } from '@/api/queries'
import type { Kind, NewConnection } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { connect } from '@/connections/changes'
import { Field } from '@/design/Field'
import { Issued } from '@/connections/Issued'
import { useOwners } from '@/things/names'
import { ANY_JSON, MappingField, TABLE, WayFields } from '@/connections/WayFields'
import { bodyOf, NOTHING_TYPED, type Way } from '@/connections/ways'

/** A mapping of a table to begin from. */
const EXAMPLE = `device = "{Compteur}"
[format]
delimiter = ";"
decimal = ","
encoding = "cp1252"
[time]
column = ["Date", "Heure"]
format = "%d/%m/%Y %H:%M"
zone = "Europe/Paris"
[values.index]
column = "Index (m3)"
`

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
  const [way, setWay] = useState<Way>('http')
  const [typed, setTyped] = useState(NOTHING_TYPED)
  const [mappings, setMappings] = useState<Record<string, string>>({ [ANY_JSON]: '', [TABLE]: EXAMPLE })
  const owners = useAdministered()
  const kind = kinds.find((one) => one.kind === code)
  const ways = (kind?.transports ?? []) as Way[]
  const chosen = ways.includes(way) ? way : 'http'
  const mapping = mappings[code] ?? ''
  const forWhom = owner || (owners[0]?.key ?? '')
  const submit = () =>
    onMade({
      kind: code,
      owner: forWhom,
      name: name.trim(),
      ...bodyOf(chosen, typed),
      ...(mapping.trim() === '' ? {} : { mapping }),
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
        {(named) => (
          <select {...named} value={code} onChange={(event) => setCode(event.target.value)}>
            {kinds.map((one) => (
              <option key={one.kind} value={one.kind}>
                {one.name[language]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words.owner} hint={words.ownerHint}>
        {(named) => (
          <select {...named} value={owner} onChange={(event) => setOwner(event.target.value)}>
            {owners.map((one) => (
              <option key={one.key} value={one.key}>
                {one.name}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={words.name} hint={words.nameHint}>
        {(named) => (
          <input
            {...named}
            required
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {ways.length > 1 && (
        <fieldset className="ways-in">
          <legend>{words.way}</legend>
          {ways.map((one) => (
            <label key={one}>
              <input type="radio" name="way" checked={chosen === one} onChange={() => setWay(one)} />{' '}
              {words[one]}
            </label>
          ))}
        </fieldset>
      )}
      {kind && <WayFields way={chosen} kind={kind} owner={forWhom} typed={typed} onTyped={setTyped} />}
      {kind && (
        <MappingField
          kind={kind}
          mapping={mapping}
          onMapping={(text) => setMappings({ ...mappings, [code]: text })}
        />
      )}
      <button type="submit" className="button main" disabled={pending}>
        {pending ? words.connecting : words.submit}
      </button>
    </form>
  )
}

/** Those that the reader administers. */
function useAdministered() {
  const session = useQuery(sessionQuery)
  const owners = useOwners()
  return owners.filter((one) => session.data?.rights[one.key] === 'administer')
}
