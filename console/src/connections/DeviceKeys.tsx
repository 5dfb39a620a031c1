import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Connection } from '@/api/schema'
import { keepKeys } from '@/connections/changes'
import { Field } from '@/design/Field'
import { keysFrom } from '@/connections/keyfile'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

/** The root keys of LoRaWAN devices, from a file: kept encrypted, and never shown again. */
export function DeviceKeys({ connection }: { connection: Connection }) {
  const { messages, formats } = useSpeech()
  const words = messages.chirpstack
  const [file, setFile] = useState<File | null>(null)
  const keeping = useMutation({
    mutationFn: async (given: File) => {
      const read = keysFrom(await given.text(), connection.owner)
      if (typeof read === 'number') return { devices: 0, wrong: read }
      return { ...(await keepKeys(read)), wrong: null }
    },
  })
  return (
    <details>
      <summary>{words.keys}</summary>
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          if (file) keeping.mutate(file)
        }}
      >
        <Field label={words.keysFile} hint={words.keysHint}>
          {(given) => (
            <input
              {...given}
              type="file"
              accept=".csv,.txt"
              required
              onChange={({ target }) => {
                setFile(target.files?.[0] ?? null)
                keeping.reset()
              }}
            />
          )}
        </Field>
        <button type="submit" className="button" disabled={!file || keeping.isPending}>
          {words.keep}
        </button>
        {keeping.isError && <Trouble error={keeping.error} />}
        <p className="result" role="status">
          {keeping.data &&
            (keeping.data.wrong === null
              ? words.keysKept(keeping.data.devices, formats.integer(keeping.data.devices))
              : words.keysWrong(formats.integer(keeping.data.wrong)))}
        </p>
      </form>
    </details>
  )
}
