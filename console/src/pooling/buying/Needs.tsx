import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { maintenanceQuery, tellNeed, tenderFile } from '@/api/purchases'
import { XLSX } from '@/api/devices'
import type { Purchase } from '@/api/schema'
import { Choice } from '@/design/Choice'
import { Field } from '@/design/Field'
import { save } from '@/design/save'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useNames, useRights } from '@/pooling/names'

/** Months ahead of which batteries are proposed. */
const YEAR = 12

const FILES = [
  ['text/csv', 'csv', 'CSV'],
  [XLSX, 'xlsx', 'XLSX'],
] as const

/** Who needs how many, the files of the tender, and a need to be told while it is time. */
export function Needs({ one }: { one: Purchase }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  const names = useNames()
  const taking = useMutation({
    mutationFn: async ({ what, media, end }: { what: 'needs' | 'prices'; media: string; end: string }) =>
      save(await tenderFile(one.key, what, media), `${what}.${end}`),
  })
  return (
    <section className="part">
      <h2>{words.one.needs}</h2>
      {one.needs.length === 0 ? (
        <p className="quiet">{words.one.noNeeds}</p>
      ) : (
        <div className="wide">
          <table className="listing stacked">
            <thead>
              <tr>
                <th scope="col">{words.member}</th>
                <th scope="col">{words.lot}</th>
                <th scope="col" className="number">
                  {words.quantity}
                </th>
                <th scope="col">{words.note}</th>
              </tr>
            </thead>
            <tbody>
              {one.needs.map((need) => (
                <tr key={`${need.member} ${need.lot}`}>
                  <th scope="row">{names.member(need.member)}</th>
                  <td data-label={words.lot}>{need.lot}</td>
                  <td className="number value" data-label={words.quantity}>
                    {formats.integer(need.quantity)}
                  </td>
                  <td data-label={words.note}>{need.note}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="fields end screen" role="group" aria-label={words.one.documents}>
        {(['needs', 'prices'] as const).flatMap((what) =>
          FILES.map(([media, end, said]) => (
            <button
              type="button"
              className="button download"
              key={`${what} ${end}`}
              disabled={taking.isPending}
              onClick={() => taking.mutate({ what, media, end })}
            >
              {what === 'needs' ? words.one.needsTable : words.one.priceSchedule} ({said})
            </button>
          )),
        )}
      </div>
      {taking.isError && <Trouble error={taking.error} />}
      {one.state === 'open' && <Telling one={one} />}
    </section>
  )
}

function Telling({ one }: { one: Purchase }) {
  const { messages, language, formats } = useSpeech()
  const words = messages.purchases
  const names = useNames()
  const rights = useRights()
  const mayTell = rights.edits
    ? names.collectivities.map((each) => each.key).filter((key) => key !== rights.structure)
    : rights.members.filter(rights.editsOf)
  const options = mayTell
    .map((value) => ({ value, name: names.member(value) }))
    .toSorted((first, second) => first.name.localeCompare(second.name, language))
  const [typed, setTyped] = useState({ member: '', lot: '', quantity: '', note: '' })
  const set = (change: Partial<typeof typed>) => setTyped({ ...typed, ...change })
  const member = typed.member === '' && options.length === 1 ? (options[0]?.value ?? '') : typed.member
  const lot = typed.lot === '' ? (one.document.lots[0]?.name ?? '') : typed.lot
  const coming = useQuery(maintenanceQuery(YEAR))
  const model = one.document.lots.find((each) => each.name === lot)?.model
  const due = coming.data?.proposed.find((each) => each.owner === member && each.model === model)?.quantity
  const telling = useMutation({
    mutationFn: () => tellNeed(one.key, { member, lot, quantity: Number(typed.quantity), note: typed.note }),
    onSuccess: async (_, __, ___, { client }) => {
      set({ quantity: '', note: '' })
      await client.invalidateQueries({ queryKey: ['pooling'] })
    },
  })
  if (options.length === 0) return null
  return (
    <>
      <p className="quiet screen">{words.one.tellExplained}</p>
      {due !== undefined && (
        <p className="screen">
          {words.one.due(formats.integer(due))}{' '}
          <button type="button" className="plain" onClick={() => set({ quantity: String(due) })}>
            {words.one.takeDue}
          </button>
        </p>
      )}
      <form
        className="fields end screen"
        aria-label={words.one.tell}
        onSubmit={(event) => {
          event.preventDefault()
          telling.mutate()
        }}
      >
        <Choice
          label={words.member}
          any={messages.pooling.choose}
          options={options}
          value={member}
          onChosen={(chosen) => set({ member: chosen })}
        />
        <Field label={words.lot}>
          {(given) => (
            <select {...given} value={lot} onChange={({ target }) => set({ lot: target.value })}>
              {one.document.lots.map((each) => (
                <option key={each.name}>{each.name}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.quantity} className="field port">
          {(given) => (
            <input
              {...given}
              type="number"
              required
              min={0}
              value={typed.quantity}
              onChange={({ target }) => set({ quantity: target.value })}
            />
          )}
        </Field>
        <Field label={words.note} className="field grow">
          {(given) => (
            <input
              {...given}
              maxLength={500}
              value={typed.note}
              onChange={({ target }) => set({ note: target.value })}
            />
          )}
        </Field>
        <button
          type="submit"
          className="button main"
          disabled={telling.isPending}
          aria-disabled={member === ''}
        >
          {words.one.save}
        </button>
        {telling.isError && <Trouble error={telling.error} />}
      </form>
    </>
  )
}
