import type { UseMutationResult } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Trial, TriedValue } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { hexadecimal } from '@/things/hexadecimal'
import { usePropertyName } from '@/observations/properties'

type Asked = { bytes: string; port: number | null }
type Props = {
  trial: UseMutationResult<Trial, Error, Asked>
  /** A message that waits, to begin with. */
  example: Record<string, unknown> | null
}

/** Bytes in hexadecimal, decoded as the model's: nothing is stored. */
export function Bench({ trial, example }: Props) {
  const { models: words } = useSpeech().messages
  const [bytes, setBytes] = useState(typeof example?.bytes === 'string' ? example.bytes : '')
  const [port, setPort] = useState(typeof example?.port === 'number' ? String(example.port) : '')
  const id = useId()
  const clean = hexadecimal(bytes)
  return (
    <section className="part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{words.bench}</h2>
      <p className="quiet">{example === null ? words.benchExplained : words.benchWaiting}</p>
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          if (clean !== null) trial.mutate({ bytes: clean, port: port === '' ? null : Number(port) })
        }}
      >
        <div className="fields">
          <div className="field grow">
            <label htmlFor={`${id}-bytes`}>{words.bytes}</label>
            <input
              id={`${id}-bytes`}
              className="code"
              required
              spellCheck={false}
              autoComplete="off"
              value={bytes}
              aria-invalid={clean === null}
              aria-describedby={`${id}-fault`}
              onChange={(event) => setBytes(event.target.value)}
            />
          </div>
          <div className="field port">
            <label htmlFor={`${id}-port`}>{words.port}</label>
            <input
              id={`${id}-port`}
              type="number"
              min={0}
              max={255}
              value={port}
              onChange={(event) => setPort(event.target.value)}
            />
          </div>
        </div>
        <p id={`${id}-fault`} role="status" className={clean === null ? 'fault' : 'unseen'}>
          {clean === null && words.notHexadecimal}
        </p>
        <button type="submit" className="button main" disabled={clean === null || trial.isPending}>
          {words.decode}
        </button>
      </form>
      <div role="status">
        {trial.isError && <Trouble error={trial.error} />}
        {trial.data && <Decoded trial={trial.data} />}
      </div>
    </section>
  )
}

function Decoded({ trial: { errors = [], warnings = [], values = [], data } }: { trial: Trial }) {
  const { models: words } = useSpeech().messages
  return (
    <>
      {errors.length > 0 && <Notes title={words.errors} notes={errors} />}
      {warnings.length > 0 && <Notes title={words.warnings} notes={warnings} />}
      {values.length > 0 ? (
        <div className="wide">
          <table className="listing stacked">
            <caption className="unseen">{words.decoded}</caption>
            <thead>
              <tr>
                <th scope="col">{words.columns.key}</th>
                <th scope="col" className="number">
                  {words.columns.decoded}
                </th>
                <th scope="col">{words.columns.becomes}</th>
                <th scope="col">{words.columns.plausible}</th>
              </tr>
            </thead>
            <tbody>
              {values.map((one) => (
                <Value key={one.key} value={one} />
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        errors.length === 0 && <p className="quiet">{words.nothingDecoded}</p>
      )}
      {data != null && (
        <details>
          <summary>{words.rawResult}</summary>
          <pre tabIndex={0}>{JSON.stringify(data, null, 2)}</pre>
        </details>
      )}
    </>
  )
}

function Notes({ title, notes }: { title: string; notes: string[] }) {
  return (
    <div className="trouble">
      <h3>{title}</h3>
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  )
}

function Value({ value: told }: { value: TriedValue }) {
  const { messages, formats } = useSpeech()
  const words = messages.models
  const propertyName = usePropertyName()
  const value = typeof told.value === 'number' ? formats.quantity(told.value, told.unit ?? '') : told.value
  return (
    <tr>
      <th scope="row">
        <code>{told.key}</code>
      </th>
      <td className="number">
        {typeof told.decoded === 'number' ? formats.number(told.decoded) : JSON.stringify(told.decoded)}
      </td>
      <td>
        {told.observed_property == null ? (
          <span className="quiet">{words.unsaid}</span>
        ) : (
          <>
            {propertyName(told.observed_property)} <span className="value">{value}</span>
          </>
        )}
      </td>
      <td>
        {told.fault ??
          (told.plausible == null ? (
            ''
          ) : told.plausible ? (
            words.plausible
          ) : (
            <strong>{words.implausible}</strong>
          ))}
      </td>
    </tr>
  )
}
