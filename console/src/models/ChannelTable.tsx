import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { bodyOf, client } from '@/api/client'
import type { ObservedProperty } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { ASIDE, channelOf, type Draft } from '@/models/suggestions'

type Props = { model: string; drafts: Draft[]; properties: ObservedProperty[]; editable: boolean }

/** What each decoded value is, said by a person: an observed property and the unit the codec gives it in, or left aside. */
export function ChannelTable({ model, drafts, properties, editable }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.models
  const [rows, setRows] = useState(drafts)
  const saving = useMutation({
    mutationFn: async () => {
      const saved = await bodyOf(
        client.PUT('/api/v1/device-models/{code}/channels', {
          params: { path: { code: model } },
          body: rows.map(channelOf),
        }),
      )
      const replayed = await bodyOf(client.POST('/api/v1/held-messages/replay', { body: { model } }))
      return { saved, replayed }
    },
    onSuccess: (_, __, ___, { client: queries }) =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['device-models', model, 'channels'] }),
        queries.invalidateQueries({ queryKey: ['held-messages'] }),
      ]),
  })
  const change = (key: string, changes: Partial<Draft>) =>
    setRows(rows.map((one) => (one.key === key ? { ...one, ...changes } : one)))

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate()
      }}
    >
      <div className="wide">
        <table className="listing stacked channels">
          <caption className="unseen">{words.channels}</caption>
          <thead>
            <tr>
              <th scope="col">{words.columns.key}</th>
              <th scope="col">{words.columns.example}</th>
              <th scope="col">{words.columns.property}</th>
              <th scope="col">{words.columns.unit}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((draft) => (
              <Row
                key={draft.key}
                draft={draft}
                properties={properties}
                editable={editable}
                onChange={(changes) => change(draft.key, changes)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {saving.isError && <Trouble error={saving.error} />}
      {editable ? (
        <button type="submit" className="button main" disabled={saving.isPending}>
          {words.confirm}
        </button>
      ) : (
        <p className="quiet">{words.administratorsOnly}</p>
      )}
      <p role="status" className="result">
        {saving.data &&
          words.confirmed(saving.data.replayed.replayed, formats.integer(saving.data.replayed.replayed))}
      </p>
    </form>
  )
}

type RowProps = {
  draft: Draft
  properties: ObservedProperty[]
  editable: boolean
  onChange: (changes: Partial<Draft>) => void
}

function Row({ draft, properties, editable, onChange }: RowProps) {
  const { language, messages, formats } = useSpeech()
  const words = messages.models
  const property = properties.find((one) => one.code === draft.property)
  const sorted = properties.toSorted((one, other) =>
    one[`name_${language}`].localeCompare(other[`name_${language}`], language),
  )
  return (
    <tr>
      <th scope="row">
        <code>{draft.key}</code>
      </th>
      <td>
        {typeof draft.example === 'number'
          ? formats.number(draft.example)
          : draft.example === undefined
            ? messages.none
            : JSON.stringify(draft.example)}
      </td>
      <td>
        <select
          aria-label={words.propertyOf(draft.key)}
          required
          disabled={!editable}
          value={draft.property}
          onChange={(event) => onChange({ property: event.target.value })}
        >
          <option value="">{words.choose}</option>
          <option value={ASIDE}>{words.aside}</option>
          {sorted.map((one) => (
            <option key={one.code} value={one.code}>
              {one[`name_${language}`]}
            </option>
          ))}
        </select>
      </td>
      <td data-label={words.columns.unit}>
        <input
          aria-label={words.unitOf(draft.key)}
          disabled={!editable || property === undefined}
          maxLength={30}
          spellCheck={false}
          placeholder={property?.unit}
          value={property === undefined ? '' : draft.unit}
          onChange={(event) => onChange({ unit: event.target.value })}
        />
      </td>
    </tr>
  )
}
