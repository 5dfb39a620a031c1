import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { importDevices, registryFile } from '@/api/devices'
import { collectivitiesQuery, sessionQuery } from '@/api/queries'
import type { ImportReport } from '@/api/schema'
import { save } from '@/design/save'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { FaultTable } from '@/things/FaultTable'

/** A file of devices: checked first, each fault in its place; written only when asked. */
export function ImportDevices() {
  const { messages, formats } = useSpeech()
  const words = messages.things.imports
  const session = useQuery(sessionQuery)
  const collectivities = useQuery(collectivitiesQuery)
  const id = useId()
  const [file, setFile] = useState<File | null>(null)
  const [owner, setOwner] = useState('')
  const [update, setUpdate] = useState(false)
  const options = { ...(owner && { owner }), ...(update && { update }) }
  const checking = useMutation({
    mutationFn: (given: File) => importDevices(given, { ...options, dry_run: true }),
  })
  const writing = useMutation({
    mutationFn: (given: File) => importDevices(given, { ...options, skip_bad: true }),
    onSuccess: async (_, __, ___, { client }) => {
      checking.reset()
      await client.invalidateQueries({ queryKey: ['devices'] })
    },
  })
  const template = useMutation({
    mutationFn: async () => save(await registryFile('text/csv'), 'devices.csv'),
  })
  const mine = (collectivities.data ?? []).filter(
    (one) => (session.data?.rights[one.key] ?? 'read') !== 'read',
  )
  const changed =
    <T,>(set: (value: T) => void) =>
    (value: T) => {
      set(value)
      checking.reset()
      writing.reset()
    }
  return (
    <section className="part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{words.title}</h2>
      <p className="quiet">
        {words.intro}{' '}
        <button type="button" className="plain" onClick={() => template.mutate()}>
          {words.template}
        </button>
      </p>
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          if (file) checking.mutate(file)
        }}
      >
        <div className="fields">
          <div className="field grow">
            <label htmlFor={`${id}-file`}>{words.file}</label>
            <input
              id={`${id}-file`}
              type="file"
              accept=".csv,.xlsx"
              required
              onChange={({ target }) => changed(setFile)(target.files?.[0] ?? null)}
            />
          </div>
          <div className="field grow">
            <label htmlFor={`${id}-owner`}>{words.owner}</label>
            <select
              id={`${id}-owner`}
              value={owner}
              onChange={({ target }) => changed(setOwner)(target.value)}
            >
              <option value="">{words.noOwner}</option>
              {mine.map((one) => (
                <option key={one.key} value={one.key}>
                  {one.name}
                </option>
              ))}
            </select>
          </div>
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={update}
            onChange={({ target }) => changed(setUpdate)(target.checked)}
          />
          {words.update}
        </label>
        <button type="submit" className="button" disabled={!file || checking.isPending}>
          {checking.isPending ? words.checking : words.check}
        </button>
      </form>
      {checking.isError && <Trouble error={checking.error} />}
      {writing.isError && <Trouble error={writing.error} />}
      {checking.data && file && (
        <Checked report={checking.data} busy={writing.isPending} onWritten={() => writing.mutate(file)} />
      )}
      <p className="result" role="status">
        {writing.data && words.done(writing.data.created, formats.integer(writing.data.created))}
        {writing.data &&
          writing.data.updated > 0 &&
          ` ${words.changed(writing.data.updated, formats.integer(writing.data.updated))}`}
      </p>
    </section>
  )
}

type CheckedProps = { report: ImportReport; busy: boolean; onWritten: () => void }

function Checked({ report, busy, onWritten }: CheckedProps) {
  const { messages, formats } = useSpeech()
  const words = messages.things.imports
  const good = report.created + report.updated
  const right = report.faults.length === 0
  return (
    <>
      <p className="result" role="status">
        {right
          ? words.fine(good, formats.integer(good))
          : `${words.wrong(report.faults.length, formats.integer(report.faults.length))}. ${words.nothing}`}
      </p>
      {!right && <FaultTable report={report} />}
      {good > 0 && (
        <button
          type="button"
          className={right ? 'button main' : 'button'}
          disabled={busy}
          onClick={onWritten}
        >
          {(right ? words.write : words.writeGood)(good, formats.integer(good))}
        </button>
      )}
    </>
  )
}
