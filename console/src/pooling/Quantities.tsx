import { useId } from 'react'
import { useSpeech } from '@/language'

export type Quantity = { unit: string; value: string }

type Props = { legend: string; quantities: Quantity[]; onChanged: (quantities: Quantity[]) => void }

/** Quantities by their units, a row each. */
export function Quantities({ legend, quantities, onChanged }: Props) {
  const { messages } = useSpeech()
  const words = messages.entering
  const id = useId()
  const set = (place: number, change: Partial<Quantity>) =>
    onChanged(quantities.map((one, at) => (at === place ? { ...one, ...change } : one)))
  return (
    <fieldset className="rows">
      <legend>{legend}</legend>
      {quantities.map((one, place) => (
        <div className="fields end" key={place}>
          <div className="field">
            <label htmlFor={`${id}-unit-${place}`}>{words.unit}</label>
            <input
              id={`${id}-unit-${place}`}
              list={`${id}-units`}
              required
              maxLength={60}
              value={one.unit}
              onChange={({ target }) => set(place, { unit: target.value })}
            />
          </div>
          <div className="field port">
            <label htmlFor={`${id}-value-${place}`}>{words.value}</label>
            <input
              id={`${id}-value-${place}`}
              required
              inputMode="decimal"
              pattern="[0-9\s]+([.,][0-9]+)?"
              value={one.value}
              onChange={({ target }) => set(place, { value: target.value })}
            />
          </div>
          <button
            type="button"
            className="button"
            aria-label={words.removeOf(one.unit)}
            onClick={() => onChanged(quantities.filter((_, at) => at !== place))}
          >
            {words.remove}
          </button>
        </div>
      ))}
      <datalist id={`${id}-units`}>
        {Object.keys(messages.pooling.units)
          .filter((unit) => unit !== 'population' && unit !== 'members')
          .map((unit) => (
            <option key={unit} value={unit} />
          ))}
      </datalist>
      <button
        type="button"
        className="button"
        onClick={() =>
          onChanged([...quantities, { unit: quantities.length === 0 ? 'devices' : '', value: '' }])
        }
      >
        {words.addQuantity}
      </button>
    </fieldset>
  )
}
