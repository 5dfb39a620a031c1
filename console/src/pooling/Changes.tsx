import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { changesOf, modelQuery, type Basis, type MemberChangeAsked } from '@/api/pooling'
import type { ShareChange, SharesFound } from '@/api/schema'
import { Choice } from '@/design/Choice'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { decimal } from '@/pooling/faults'
import { useNames } from '@/pooling/names'
import { Amount } from '@/pooling/Typed'

type Props = { found: SharesFound; service: string; year: number; basis: Basis }

/** What a member's departure or arrival changes for each, by the voted key. */
export function Changes({ found, service, year, basis }: Props) {
  const { messages, language } = useSpeech()
  const words = messages.pooling.shares
  const names = useNames()
  const model = useQuery(modelQuery(service, year))
  const [quantities, setQuantities] = useState<Record<string, string>>({ devices: '10' })
  const [leaving, setLeaving] = useState('')
  const [arriving, setArriving] = useState('')
  const asking = useMutation({
    mutationFn: (body: MemberChangeAsked) => changesOf(service, year, { ...body, basis }),
  })
  const inside = Object.keys(found.alone)
  const options = (keys: string[]) =>
    keys
      .map((key) => ({ value: key, name: names.member(key) }))
      .toSorted((one, other) => one.name.localeCompare(other.name, language))
  const used = model.data?.model.members.flatMap((one) => Object.keys(one.quantities ?? {})) ?? []
  const units = [...new Set(used.length > 0 ? used : ['devices'])]
  const outside = names.collectivities.map((one) => one.key).filter((key) => !inside.includes(key))
  const asked = asking.variables
  const who = names.member(asked?.leaving ?? asked?.arriving?.member ?? '')
  return (
    <section className="part">
      <h2>{words.change}</h2>
      <div className="fields end">
        <Choice
          label={words.leaving}
          any={messages.pooling.choose}
          options={options(inside)}
          value={leaving}
          onChosen={(chosen) => {
            setLeaving(chosen)
            setArriving('')
            if (chosen !== '') asking.mutate({ leaving: chosen })
          }}
        />
        <Choice
          label={words.arriving}
          any={messages.pooling.choose}
          options={options(outside)}
          value={arriving}
          onChosen={(chosen) => {
            setArriving(chosen)
            setLeaving('')
          }}
        />
        {units.map((unit) => (
          <Amount
            key={unit}
            label={words.expected(messages.pooling.units[unit] ?? unit)}
            value={quantities[unit] ?? ''}
            onTyped={(value) => setQuantities({ ...quantities, [unit]: value })}
          />
        ))}
        <button
          type="button"
          className="button"
          disabled={asking.isPending}
          aria-disabled={arriving === ''}
          onClick={() =>
            arriving !== '' &&
            asking.mutate({
              arriving: {
                member: arriving,
                quantities: Object.fromEntries(
                  units.map((unit) => [unit, decimal(quantities[unit] ?? '') || '0']),
                ),
              },
            })
          }
        >
          {words.show}
        </button>
      </div>
      <div aria-live="polite">
        {asking.isError && <Trouble error={asking.error} />}
        {asking.isSuccess && (
          <ChangeTable
            caption={asked?.leaving === undefined ? words.came(who) : words.changed(who)}
            changes={asking.data}
          />
        )}
      </div>
    </section>
  )
}

function ChangeTable({ caption, changes }: { caption: string; changes: ShareChange[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.shares
  const names = useNames()
  const amount = (value: string | null) => (value === null ? words.absent : formats.euros(Number(value)))
  const sorted = changes.toSorted(
    (one, other) => Math.abs(Number(other.difference)) - Math.abs(Number(one.difference)),
  )
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{messages.pooling.member}</th>
            {[words.before, words.after, words.difference].map((title) => (
              <th scope="col" key={title} className="number">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={one.member}>
              <th scope="row">{names.member(one.member)}</th>
              <td className="number">{amount(one.before)}</td>
              <td className="number">{amount(one.after)}</td>
              <td className="number value">
                {Number(one.difference) > 0 ? '+' : ''}
                {formats.euros(Number(one.difference))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
