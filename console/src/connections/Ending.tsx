import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import type { Connection } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useMessages } from '@/language'
import { endConnection } from '@/connections/changes'

/** Ending a connection, once its name is typed. */
export function Ending({ connection }: { connection: Connection }) {
  const { ending: words } = useMessages().connections
  const navigate = useNavigate()
  const [asked, setAsked] = useState(false)
  const [typed, setTyped] = useState('')
  const id = useId()
  const same = typed.trim() === connection.name
  const end = useMutation({
    mutationFn: () => endConnection(connection.key),
    onSuccess: async (_, __, ___, { client }) => {
      await client.invalidateQueries({ queryKey: ['connections'] })
      await navigate({ to: '/connections' })
    },
  })
  return (
    <section className="part">
      <h2>{words.title}</h2>
      <p className="quiet">{words.explained}</p>
      {end.isError && <Trouble error={end.error} />}
      {asked ? (
        <form
          className="sheet"
          onSubmit={(event) => {
            event.preventDefault()
            if (same) end.mutate()
          }}
        >
          <div className="field">
            <label htmlFor={id}>{words.type(connection.name)}</label>
            <input
              id={id}
              autoComplete="off"
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
          <div className="ways">
            <button type="submit" className="button main" disabled={!same || end.isPending}>
              {words.confirm}
            </button>
            <button type="button" className="button" onClick={() => setAsked(false)}>
              {words.cancel}
            </button>
          </div>
        </form>
      ) : (
        <button type="button" className="button" onClick={() => setAsked(true)}>
          {words.title}…
        </button>
      )}
    </section>
  )
}
