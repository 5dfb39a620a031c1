import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Which } from '@/api/devices'
import { notesQuery, removeNote, writeNote } from '@/api/notes'
import { sessionQuery } from '@/api/queries'
import type { Note } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

type Props = { which: Which; owner: string }

/** What colleagues wrote of a thing, with who and when; for the people of its owner. */
export function Notes({ which, owner }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.things.notes
  const session = useQuery(sessionQuery)
  const right = session.data?.rights[owner]
  const notes = useQuery({ ...notesQuery(which), enabled: right !== undefined })
  const [removed, setRemoved] = useState<Note | null>(null)
  const removing = useMutation({
    mutationFn: (note: Note) => removeNote(which, note.id),
    onSuccess: async (_, note, __, { client }) => {
      setRemoved(note)
      await client.invalidateQueries({ queryKey: ['notes'] })
    },
  })
  const restoring = useMutation({
    mutationFn: (note: Note) => writeNote(which, note.text),
    onSuccess: async (_, __, ___, { client }) => {
      setRemoved(null)
      await client.invalidateQueries({ queryKey: ['notes'] })
    },
  })
  if (right === undefined) return null
  return (
    <section className="part" aria-labelledby="notes">
      <h2 id="notes">{words.title}</h2>
      <Answer query={notes} lines={2}>
        {(known) =>
          known.length === 0 ? (
            <p className="quiet">{words.none}</p>
          ) : (
            <ul className="notes">
              {known.map((note) => (
                <li key={note.id}>
                  <p>{note.text}</p>
                  <p className="quiet">
                    {words.by(note.by_name, formats.exact(new Date(note.at)))}{' '}
                    {right !== 'read' && (note.by === session.data?.key || right === 'administer') && (
                      <button type="button" className="plain" onClick={() => removing.mutate(note)}>
                        {words.remove}
                      </button>
                    )}
                  </p>
                </li>
              ))}
            </ul>
          )
        }
      </Answer>
      <p role="status">
        {removed && (
          <>
            {words.removed}{' '}
            <button type="button" className="plain" onClick={() => restoring.mutate(removed)}>
              {words.undo}
            </button>
          </>
        )}
      </p>
      {removing.isError && <Trouble error={removing.error} />}
      {right !== 'read' && <Write which={which} />}
    </section>
  )
}

function Write({ which }: { which: Which }) {
  const words = useSpeech().messages.things.notes
  const id = useId()
  const [text, setText] = useState('')
  const writing = useMutation({
    mutationFn: () => writeNote(which, text.trim()),
    onSuccess: async (_, __, ___, { client }) => {
      setText('')
      await client.invalidateQueries({ queryKey: ['notes'] })
    },
  })
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        writing.mutate()
      }}
    >
      {writing.isError && <Trouble error={writing.error} />}
      <div className="field">
        <label htmlFor={id}>{words.label}</label>
        <textarea
          id={id}
          className="prose"
          rows={3}
          maxLength={4000}
          aria-describedby={`${id}-hint`}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <span id={`${id}-hint`} className="quiet">
          {words.hint}
        </span>
      </div>
      <button type="submit" className="button" disabled={text.trim() === '' || writing.isPending}>
        {words.add}
      </button>
    </form>
  )
}
