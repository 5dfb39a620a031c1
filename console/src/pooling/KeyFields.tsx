import type { Key } from '@/api/schema'
import { useSpeech } from '@/language'
import { decimal, faultAt, typed, type Fault } from '@/pooling/faults'
import { Amount, Typed } from '@/pooling/Typed'

export type KeyDraft = { parts: { by: string; weight: string }[]; floor: string; cap: string }

type Props = { value: KeyDraft; faults: Fault[]; onChanged: (key: KeyDraft) => void }

/** A voted key: parts by quantities, a floor and a cap. */
export function KeyFields({ value, faults, onChanged }: Props) {
  const { messages } = useSpeech()
  const words = messages.entering
  const set = (place: number, change: Partial<KeyDraft['parts'][number]>) =>
    onChanged({ ...value, parts: value.parts.map((one, at) => (at === place ? { ...one, ...change } : one)) })
  const wrong = [...value.parts.map(({ by }) => by), 'parts', 'cap', 'sharing_key']
    .map((path) => faultAt(faults, path))
    .filter((said) => said !== undefined)
  return (
    <fieldset className="line">
      <legend>{words.key}</legend>
      {value.parts.map((one, place) => (
        <div className="fields end" key={place}>
          <Typed
            label={words.keyBy}
            required
            list="units-of-keys"
            value={one.by}
            onTyped={(by) => set(place, { by })}
          />
          <Amount
            label={words.weight}
            required
            value={one.weight}
            onTyped={(weight) => set(place, { weight })}
          />
          {value.parts.length > 1 && (
            <button
              type="button"
              className="button"
              aria-label={words.removeOf(one.by)}
              onClick={() => onChanged({ ...value, parts: value.parts.filter((_, at) => at !== place) })}
            >
              {words.remove}
            </button>
          )}
        </div>
      ))}
      <button
        type="button"
        className="button"
        onClick={() => onChanged({ ...value, parts: [...value.parts, { by: 'members', weight: '1' }] })}
      >
        {words.addPart}
      </button>
      <div className="fields">
        <Amount
          label={words.floor}
          className="field"
          value={value.floor}
          onTyped={(floor) => onChanged({ ...value, floor })}
        />
        <Amount
          label={words.cap}
          className="field"
          value={value.cap}
          onTyped={(cap) => onChanged({ ...value, cap })}
        />
      </div>
      <p className="quiet">{words.keyHint}</p>
      {wrong.length > 0 && (
        <p role="alert">
          <strong className="fault">{wrong.join(' ; ')}</strong>
        </p>
      )}
      <datalist id="units-of-keys">
        {Object.entries(messages.pooling.units).map(([unit, name]) => (
          <option key={unit} value={unit} label={name} />
        ))}
      </datalist>
    </fieldset>
  )
}

export const keyOf = (draft: KeyDraft): Key => ({
  parts: draft.parts.map((one) => ({ by: one.by.trim(), weight: decimal(one.weight) })),
  ...(draft.floor !== '' && { floor: decimal(draft.floor) }),
  ...(draft.cap !== '' && { cap: decimal(draft.cap) }),
})

export const keyDraftOf = (key: Key, language: string): KeyDraft => ({
  parts: key.parts.map((one) => ({ by: one.by, weight: typed(one.weight ?? '1', language) })),
  floor: typed(Number(key.floor ?? 0) === 0 ? '' : key.floor, language),
  cap: typed(Number(key.cap ?? 100) === 100 ? '' : key.cap, language),
})
