import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { deliver } from '@/api/purchases'
import type { Delivered, Purchase } from '@/api/schema'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { dayOf } from '@/pooling/days'
import { useNames, useRights } from '@/pooling/names'
import { FaultTable } from '@/things/FaultTable'

/** What came, with its warranty; and a supplier's list to be taken in, checked first. */
export function Deliveries({ one, came }: { one: Purchase; came: Delivered[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  const names = useNames()
  const rights = useRights()
  return (
    <section className="part">
      <h2>{words.one.deliveries}</h2>
      {came.length === 0 ? (
        <p className="quiet">{words.one.noDeliveries}</p>
      ) : (
        <div className="scroll" tabIndex={0} role="region" aria-label={words.one.deliveries}>
          <table>
            <thead>
              <tr>
                {[words.one.code, words.one.serial, words.lot, words.member, words.one.supplier].map(
                  (title) => (
                    <th scope="col" key={title}>
                      {title}
                    </th>
                  ),
                )}
                <th scope="col">{words.one.warrantyUntil}</th>
              </tr>
            </thead>
            <tbody>
              {came.map((each) => (
                <tr key={each.code}>
                  <th scope="row">
                    <Link to="/devices/$id" params={{ id: each.device }}>
                      {each.code}
                    </Link>
                  </th>
                  <td>{each.serial}</td>
                  <td>{each.lot}</td>
                  <td>{names.member(each.member)}</td>
                  <td>{each.supplier}</td>
                  <td>
                    {each.warranty_until == null
                      ? words.one.noWarranty
                      : formats.date(dayOf(each.warranty_until))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {(rights.edits || rights.members.some(rights.editsOf)) && <Taking one={one} />}
    </section>
  )
}

function Taking({ one }: { one: Purchase }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.one
  const [file, setFile] = useState<File | null>(null)
  const [on, setOn] = useState('')
  const asked = (dry_run: boolean) => ({ dry_run, ...(on !== '' && { delivered_on: on }) })
  const checking = useMutation({ mutationFn: (given: File) => deliver(one.key, given, asked(true)) })
  const writing = useMutation({
    mutationFn: (given: File) => deliver(one.key, given, asked(false)),
    onSuccess: async (_, __, ___, { client }) => {
      checking.reset()
      await client.invalidateQueries({ queryKey: ['pooling'] })
    },
  })
  const report = checking.data
  return (
    <details className="screen">
      <summary>{words.deliver}</summary>
      <p className="quiet">{words.deliverExplained}</p>
      <form
        className="fields end"
        onSubmit={(event) => {
          event.preventDefault()
          if (file) checking.mutate(file)
        }}
      >
        <Field label={words.file} className="field grow">
          {(given) => (
            <input
              {...given}
              type="file"
              required
              accept=".csv,.xlsx"
              onChange={({ target }) => {
                setFile(target.files?.[0] ?? null)
                checking.reset()
                writing.reset()
              }}
            />
          )}
        </Field>
        <Field label={words.deliveredOn}>
          {(given) => (
            <input {...given} type="date" value={on} onChange={({ target }) => setOn(target.value)} />
          )}
        </Field>
        <button type="submit" className="button" disabled={!file || checking.isPending}>
          {words.check}
        </button>
      </form>
      {checking.isError && <Trouble error={checking.error} />}
      {writing.isError && <Trouble error={writing.error} />}
      <p className="result" role="status">
        {report &&
          (report.faults.length === 0
            ? words.fine(report.created, formats.integer(report.created), formats.integer(report.unchanged))
            : words.nothing)}
        {writing.data && words.done(formats.integer(writing.data.created))}
      </p>
      {report && report.faults.length > 0 && <FaultTable report={report} />}
      {report && file && report.faults.length === 0 && report.created > 0 && (
        <button
          type="button"
          className="button main"
          disabled={writing.isPending}
          onClick={() => writing.mutate(file)}
        >
          {words.write(formats.integer(report.created))}
        </button>
      )}
    </details>
  )
}
