import { useMutation } from '@tanstack/react-query'
import { useId, useRef, useState } from 'react'
import type { Which } from '@/api/devices'
import { addPhoto } from '@/api/photos'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

/** Telephones that take HEIC give these a JPEG. */
const TAKEN = 'image/jpeg,image/png,image/webp'

/** A picture and what it shows, in words: the one does not go without the other. */
export function AddPhoto({ which }: { which: Which }) {
  const words = useSpeech().messages.things.photos
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [file, setFile] = useState<File | null>(null)
  const [alt, setAlt] = useState('')
  const adding = useMutation({
    mutationFn: (chosen: File) => addPhoto(which, chosen, alt.trim()),
    onSuccess: async (_, __, ___, { client }) => {
      setFile(null)
      setAlt('')
      if (input.current) input.current.value = ''
      await client.invalidateQueries({ queryKey: ['photos'] })
    },
  })
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        if (file) adding.mutate(file)
      }}
    >
      {adding.isError && <Trouble error={adding.error} />}
      <div className="field">
        <label htmlFor={`${id}-file`}>{words.add}</label>
        <input
          id={`${id}-file`}
          ref={input}
          type="file"
          accept={TAKEN}
          required
          aria-describedby={`${id}-hint`}
          onChange={({ target }) => setFile(target.files?.[0] ?? null)}
        />
        <span id={`${id}-hint`} className="quiet">
          {words.hint}
        </span>
      </div>
      {file && (
        <div className="field">
          <label htmlFor={`${id}-alt`}>{words.alt}</label>
          <input
            id={`${id}-alt`}
            required
            maxLength={500}
            pattern=".*\S.*"
            aria-describedby={`${id}-alt-hint`}
            value={alt}
            onChange={({ target }) => setAlt(target.value)}
          />
          <span id={`${id}-alt-hint`} className="quiet">
            {words.altHint}
          </span>
        </div>
      )}
      <button type="submit" className="button" disabled={!file || adding.isPending}>
        {adding.isPending ? words.sending : words.send}
      </button>
    </form>
  )
}
