import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { changeDashboard } from '@/api/dashboards'
import { seriesQuery } from '@/api/exploring'
import { observedPropertiesQuery } from '@/api/queries'
import type { Card, Dashboard } from '@/api/schema'
import type { Described } from '@/charts/curves'
import { PERIODS } from '@/charts/period'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { moved } from '@/dashboards/view'
import { Picker } from '@/things/Picker'

type Props = { dashboard: Dashboard; series: Described[]; onClose: () => void }

const KINDS = ['curve', 'value', 'text'] as const
const WIDTHS = [1, 2, 3] as const

/** Each card has a number of its own while it is arranged, so that moving it keeps what is being typed. */
type Kept = { id: number; card: Card }

/** A dashboard being arranged: nothing is kept until it is saved. */
export function Editor({ dashboard, onClose }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.dashboards
  const id = useId()
  const [name, setName] = useState(dashboard.name)
  const [kept, setKept] = useState<Kept[]>(() => dashboard.cards.map((card, place) => ({ id: place, card })))
  const [pulled, setPulled] = useState<number | null>(null)
  const [said, setSaid] = useState('')
  const saving = useMutation({
    mutationFn: () =>
      changeDashboard(dashboard.key, { name: name.trim(), cards: kept.map(({ card }) => card) }),
    onSuccess: async (_, __, ___, { client }) => {
      await client.invalidateQueries({ queryKey: ['dashboards'] })
      onClose()
    },
  })
  const titleOf = ({ title }: Card) => (title === undefined || title === '' ? words.card.untitled : title)
  const move = (from: number, to: number) => {
    const one = kept[from]
    if (!one || to < 0 || to >= kept.length) return
    const order = moved(
      kept.map(({ id: own }) => ({ kind: 'text', title: String(own) })),
      from,
      to,
    )
    setKept(order.flatMap(({ title }) => kept.find((other) => String(other.id) === title) ?? []))
    setSaid(words.card.moved(titleOf(one.card), formats.integer(to + 1), formats.integer(kept.length)))
  }
  const change = (own: number, card: Card) =>
    setKept(kept.map((one) => (one.id === own ? { id: own, card } : one)))
  const add = (kind: Card['kind']) =>
    setKept([...kept, { id: Math.max(-1, ...kept.map((one) => one.id)) + 1, card: { kind, width: 1 } }])

  return (
    <form
      className="editor"
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate()
      }}
    >
      <div className="field narrow">
        <label htmlFor={`${id}-name`}>{words.name}</label>
        <input
          id={`${id}-name`}
          required
          maxLength={200}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </div>
      <p className="quiet">{words.card.drag}</p>
      <p className="unseen" role="status">
        {said}
      </p>
      <ol className="board">
        {kept.map(({ id: own, card }, place) => (
          <li
            key={own}
            className={`card wide-${card.width ?? 1}${pulled === place ? ' pulled' : ''}`}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault()
              if (pulled !== null) move(pulled, place)
              setPulled(null)
            }}
          >
            <div
              className="band"
              draggable
              onDragStart={({ dataTransfer }) => {
                dataTransfer.setData('text/plain', titleOf(card)) // without which Firefox moves nothing
                dataTransfer.effectAllowed = 'move'
                setPulled(place)
              }}
              onDragEnd={() => setPulled(null)}
            >
              <strong>{titleOf(card)}</strong>
              <span className="ways">
                <button
                  type="button"
                  className="plain"
                  aria-label={words.card.earlier(titleOf(card))}
                  aria-disabled={place === 0}
                  onClick={() => move(place, place - 1)}
                >
                  ←
                </button>
                <button
                  type="button"
                  className="plain"
                  aria-label={words.card.later(titleOf(card))}
                  aria-disabled={place === kept.length - 1}
                  onClick={() => move(place, place + 1)}
                >
                  →
                </button>
                <button
                  type="button"
                  className="plain"
                  aria-label={words.card.remove(titleOf(card))}
                  onClick={() => setKept(kept.filter((one) => one.id !== own))}
                >
                  ×
                </button>
              </span>
            </div>
            <CardFields card={card} onChanged={(changed) => change(own, changed)} />
          </li>
        ))}
      </ol>
      <div className="ways" role="group" aria-label={words.card.add}>
        <span>{words.card.add}</span>
        {KINDS.map((kind) => (
          <button key={kind} type="button" className="button" onClick={() => add(kind)}>
            {words.card.kinds[kind]}
          </button>
        ))}
      </div>
      {saving.isError && <Trouble error={saving.error} />}
      <div className="ways">
        <button type="submit" className="button main" disabled={saving.isPending || name.trim() === ''}>
          {words.save}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {words.cancel}
        </button>
      </div>
    </form>
  )
}

function CardFields({ card, onChanged }: { card: Card; onChanged: (card: Card) => void }) {
  const { messages, language } = useSpeech()
  const words = messages.dashboards.card
  const properties = useQuery(observedPropertiesQuery)
  const id = useId()
  const text = card.kind === 'text'
  return (
    <div className="card-fields">
      <div className="field">
        <label htmlFor={`${id}-title`}>{words.title}</label>
        <input
          id={`${id}-title`}
          maxLength={200}
          value={card.title ?? ''}
          onChange={({ target }) => onChanged({ ...card, title: target.value })}
        />
      </div>
      <div className="fields">
        <div className="field grow">
          <label htmlFor={`${id}-width`}>{words.width}</label>
          <select
            id={`${id}-width`}
            value={card.width ?? 1}
            onChange={({ target }) => onChanged({ ...card, width: Number(target.value) })}
          >
            {WIDTHS.map((one) => (
              <option key={one} value={one}>
                {words.widths[one]}
              </option>
            ))}
          </select>
        </div>
        {card.kind === 'curve' && (
          <div className="field grow">
            <label htmlFor={`${id}-period`}>{words.period}</label>
            <select
              id={`${id}-period`}
              value={card.period ?? 'week'}
              onChange={({ target }) =>
                onChanged({ ...card, period: PERIODS.find((one) => one === target.value) ?? 'week' })
              }
            >
              {PERIODS.map((one) => (
                <option key={one} value={one}>
                  {messages.series.periods[one]}
                </option>
              ))}
            </select>
          </div>
        )}
      </div>
      {text ? (
        <div className="field">
          <label htmlFor={`${id}-text`}>{words.text}</label>
          <textarea
            id={`${id}-text`}
            className="prose"
            rows={4}
            maxLength={2000}
            value={card.text ?? ''}
            onChange={({ target }) => onChanged({ ...card, text: target.value })}
          />
        </div>
      ) : (
        <>
          <div className="field">
            <label htmlFor={`${id}-property`}>{words.property}</label>
            <select
              id={`${id}-property`}
              value={card.observed_property ?? ''}
              onChange={({ target }) => onChanged({ ...card, observed_property: target.value || null })}
            >
              <option value="">{words.named}</option>
              {properties.data?.items.map((one) => (
                <option key={one.code} value={one.code}>
                  {words.ofPlace(one[`name_${language}`])}
                </option>
              ))}
            </select>
          </div>
          {card.observed_property == null && <Named card={card} onChanged={onChanged} />}
        </>
      )}
    </div>
  )
}

/** The series of a card, and the way to find others. */
function Named({ card, onChanged }: { card: Card; onChanged: (card: Card) => void }) {
  const { messages } = useSpeech()
  const words = messages.dashboards.card
  const ids = card.series ?? []
  const series = useQuery(seriesQuery(ids))
  const known = new Map(series.data?.map((one) => [one.id, one.name]))
  return (
    <>
      <ul className="chosen">
        {ids.map((one) => (
          <li key={one}>
            <span aria-hidden="true">·</span>
            <span>{known.get(one) ?? messages.loading}</span>
            <button
              type="button"
              className="plain"
              aria-label={words.removeSeries(known.get(one) ?? String(one))}
              onClick={() => onChanged({ ...card, series: ids.filter((other) => other !== one) })}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      <details open={ids.length === 0}>
        <summary>{messages.explore.picker.title}</summary>
        <Picker chosen={ids} onAdded={(one) => onChanged({ ...card, series: [...ids, one] })} />
      </details>
    </>
  )
}
