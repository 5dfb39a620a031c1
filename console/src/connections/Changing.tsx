import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { connectionKindsQuery } from '@/api/queries'
import type { Connection, Kind } from '@/api/schema'
import { changeConnection } from '@/connections/changes'
import { MappingField, WayFields } from '@/connections/WayFields'
import { bodyOf, typedOf } from '@/connections/ways'
import { Answer } from '@/design/Answer'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useMessages } from '@/language'

/** Saying a connection anew: its name, where it looks, how it is read. */
export function Changing({ connection }: { connection: Connection }) {
  const { changing: words } = useMessages().connections
  const [open, setOpen] = useState(false)
  const kinds = useQuery(connectionKindsQuery)
  return (
    <section className="part">
      <h2>{words.title}</h2>
      {open ? (
        <Answer query={kinds}>
          {(known) => {
            const kind = known.find((one) => one.kind === connection.kind)
            return kind && <Form connection={connection} kind={kind} onDone={() => setOpen(false)} />
          }}
        </Answer>
      ) : (
        <>
          <p className="quiet">{words.explained}</p>
          <button type="button" className="button" onClick={() => setOpen(true)}>
            {words.open}
          </button>
        </>
      )}
    </section>
  )
}

type FormProps = { connection: Connection; kind: Kind; onDone: () => void }

function Form({ connection, kind, onDone }: FormProps) {
  const { connections } = useMessages()
  const words = connections.changing
  const [name, setName] = useState(connection.name)
  const [typed, setTyped] = useState(() => typedOf(connection.settings))
  const [mapping, setMapping] = useState(connection.settings.mapping ?? '')
  const way = connection.transport
  const change = useMutation({
    mutationFn: () => {
      const { headers, ...body } = bodyOf(way, typed)
      return changeConnection(connection.key, {
        name: name.trim(),
        ...body,
        ...(headers && Object.keys(headers).length > 0 ? { headers } : {}),
        ...(mapping.trim() === '' ? {} : { mapping }),
      })
    },
    onSuccess: async (_, __, ___, { client }) => {
      await client.invalidateQueries({ queryKey: ['connections'] })
      onDone()
    },
  })
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate()
      }}
    >
      <Field label={connections.form.name}>
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
      <WayFields way={way} kind={kind} owner={connection.owner} typed={typed} onTyped={setTyped} />
      {way !== 'http' && way !== 'folder' && <p className="quiet">{words.secretsStay}</p>}
      <MappingField kind={kind} mapping={mapping} onMapping={setMapping} />
      {change.isError && <Trouble error={change.error} />}
      <div className="ways">
        <button type="submit" className="button main" disabled={change.isPending}>
          {words.save}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {words.cancel}
        </button>
      </div>
    </form>
  )
}
