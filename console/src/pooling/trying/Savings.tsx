import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { keepSavings, savingRows, withdrawSaving } from '@/api/experiments'
import { planQuery, programmesQuery } from '@/api/pooling'
import type { MeasuredEffect, ExperimentPage, Saving } from '@/api/schema'
import { Choice } from '@/design/Choice'
import { Field } from '@/design/Field'
import { Term } from '@/design/Term'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useNames } from '@/pooling/names'
import { rounded } from '@/pooling/trying/told'

/** What an experiment saved each member; and how to keep what the last measure says. */
export function Savings({ page, mayKeep }: { page: ExperimentPage; mayKeep: boolean }) {
  const words = useSpeech().messages.experiments
  const based = page.computation?.key
  if (page.savings.length === 0 && !mayKeep) return null
  return (
    <section className="part">
      <h2>{words.savings}</h2>
      <p>{words.savingsExplained}</p>
      {page.savings.length > 0 ? (
        <SavingTable savings={page.savings} mayWithdraw={mayKeep} />
      ) : (
        <p className="quiet">{words.savingsNone}</p>
      )}
      {mayKeep && page.effect?.effect != null && based !== undefined && (
        <Keeping page={page} effect={page.effect} computation={based} />
      )}
    </section>
  )
}

/** Each opens to its rows; what was withdrawn stays in sight. */
export function SavingTable({ savings, mayWithdraw }: { savings: Saving[]; mayWithdraw: boolean }) {
  const { messages, formats } = useSpeech()
  const words = messages.experiments
  const names = useNames()
  const withdrawing = useMutation({
    mutationFn: withdrawSaving,
    onSettled: (_, __, ___, ____, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  return (
    <>
      <div className="wide">
        <table className="listing stacked savings">
          <thead>
            <tr>
              <th scope="col">{words.owner}</th>
              <th scope="col">{words.year}</th>
              <th scope="col">{messages.pooling.programme.action}</th>
              <th scope="col" className="number">
                {words.saved}
              </th>
              <th scope="col" className="number">
                {words.euros}
              </th>
              <th scope="col" className="screen">
                {words.rows}
              </th>
            </tr>
          </thead>
          <tbody>
            {savings.map((one) => (
              <tr key={one.key} className={one.withdrawn ? 'gone' : ''}>
                <th scope="row">{names.member(one.member)}</th>
                <td data-label={words.year}>{one.year}</td>
                <td data-label={messages.pooling.programme.action}>{one.action}</td>
                <td className="number value" data-label={words.saved}>
                  <Quantity one={one} />
                </td>
                <td className="number" data-label={words.euros}>
                  {one.euros == null ? '—' : formats.euros(one.euros)}
                </td>
                <td className="screen" data-label={words.rows}>
                  <a href={savingRows(one.key)} download>
                    CSV
                    <span className="unseen">
                      {' '}
                      {words.rowsOf(names.member(one.member), String(one.year))}
                    </span>
                  </a>{' '}
                  {one.withdrawn ? (
                    <span className="quiet">
                      {words.withdrawn(one.withdrawn.by_name, formats.date(new Date(one.withdrawn.at)))}
                    </span>
                  ) : (
                    mayWithdraw && (
                      <button
                        type="button"
                        className="plain"
                        disabled={withdrawing.isPending}
                        onClick={() => withdrawing.mutate(one.key)}
                      >
                        {words.withdraw}
                        <span className="unseen">
                          {' '}
                          {words.rowsOf(names.member(one.member), String(one.year))}
                        </span>
                      </button>
                    )
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {withdrawing.isError && <Trouble error={withdrawing.error} />}
    </>
  )
}

/** With its interval, which is never left out. */
export function Quantity({ one }: { one: Pick<Saving, 'kind' | 'quantity' | 'low' | 'high' | 'proven'> }) {
  const { messages, formats } = useSpeech()
  const words = messages.experiments
  const unit = words.kinds[one.kind]
  return (
    <>
      {formats.quantity(rounded(one.quantity), unit)}
      <span className="quiet between">
        {words.between(formats.number(rounded(one.low)), formats.quantity(rounded(one.high), unit))}
      </span>
      {!one.proven && (
        <span className="quiet between">
          <Term explained={words.unprovenExplained}>{words.unproven}</Term>
        </span>
      )}
    </>
  )
}

type KeepingProps = { page: ExperimentPage; effect: MeasuredEffect; computation: string }

function Keeping({ page, effect, computation }: KeepingProps) {
  const words = useSpeech().messages.experiments
  const { about, document } = page.kept
  const actions = useId()
  const programmes = useQuery(programmesQuery)
  const [action, setAction] = useState(document.action)
  const [price, setPrice] = useState('')
  const [programme, setProgramme] = useState('')
  const plan = useQuery({ ...planQuery(programme), enabled: programme !== '' })
  const known = [...(plan.data?.plan?.actions ?? []), ...(plan.data?.plan?.left_out ?? [])]
  const keeping = useMutation({
    mutationFn: () =>
      keepSavings(about.key, {
        computation,
        action,
        price: price === '' ? null : price.replace(',', '.'),
        programme: programme === '' ? null : programme,
      }),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  return (
    <form
      className="fields end screen"
      onSubmit={(event) => {
        event.preventDefault()
        keeping.mutate()
      }}
    >
      <Choice
        label={words.programme}
        any={words.noProgramme}
        options={(programmes.data ?? []).map((one) => ({ value: one.key, name: one.name }))}
        value={programme}
        onChosen={setProgramme}
      />
      <Field label={words.action} className="field grow">
        {(given) => (
          <input
            {...given}
            required
            list={actions}
            maxLength={200}
            value={action}
            onChange={({ target }) => setAction(target.value)}
          />
        )}
      </Field>
      <datalist id={actions}>
        {known.map((one) => (
          <option key={one.action} value={one.action} />
        ))}
      </datalist>
      {effect.unit !== 'EUR' && (
        <Field label={words.price} className="field port">
          {(given) => (
            <input
              {...given}
              inputMode="decimal"
              pattern="[0-9]+([.,][0-9]+)?"
              value={price}
              onChange={({ target }) => setPrice(target.value)}
            />
          )}
        </Field>
      )}
      <button type="submit" className="button main" disabled={keeping.isPending}>
        {words.keepSavings}
      </button>
      {keeping.isError && <Trouble error={keeping.error} />}
    </form>
  )
}
