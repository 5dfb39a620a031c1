import type { AwardCriterion } from '@/api/schema'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'

type Aspect = AwardCriterion['aspect']
export type Judging = { id: number; name: string; aspect: Aspect; weight: string; about: string }

const ASPECTS: Aspect[] = ['price', 'technical', 'environment', 'social', 'delay', 'service', 'other']
const MOST = 8

type Props = { criteria: Judging[]; onChanged: (told: Judging[]) => void }

/** By which offers will be judged, with what weight; none at all, and the price decides. */
export function Criteria({ criteria, onChanged }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.award
  const usual = (): Judging[] =>
    (
      [
        ['price', '50'],
        ['technical', '35'],
        ['environment', '15'],
      ] as const
    ).map(([aspect, weight], id) => ({ id, name: capital(words.aspects[aspect]), aspect, weight, about: '' }))
  const change = (id: number, told: Partial<Judging>) =>
    onChanged(criteria.map((one) => (one.id === id ? { ...one, ...told } : one)))
  if (criteria.length === 0)
    return (
      <>
        <p className="quiet">{words.priceOnly}</p>
        <button type="button" className="button" onClick={() => onChanged(usual())}>
          {words.add}
        </button>
      </>
    )
  const sum = criteria.reduce((all, one) => all + Number(one.weight.replace(',', '.')), 0)
  return (
    <>
      <p className="quiet">{words.criteriaExplained(formats.integer(10))}</p>
      {criteria.map((one) => (
        <fieldset className="fields end" key={one.id}>
          <legend>{words.criterion}</legend>
          <Field label={words.criterion}>
            {(given) => (
              <input
                {...given}
                required
                maxLength={200}
                value={one.name}
                onChange={({ target }) => change(one.id, { name: target.value })}
              />
            )}
          </Field>
          <Field label={words.aspect}>
            {(given) => (
              <select
                {...given}
                value={one.aspect}
                onChange={({ target }) => change(one.id, { aspect: target.value as Aspect })}
              >
                {ASPECTS.map((aspect) => (
                  <option key={aspect} value={aspect}>
                    {words.aspects[aspect]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={words.weight} className="field port">
            {(given) => (
              <input
                {...given}
                required
                inputMode="decimal"
                pattern="[0-9]+([.,][0-9]+)?"
                value={one.weight}
                onChange={({ target }) => change(one.id, { weight: target.value })}
              />
            )}
          </Field>
          <Field label={words.about} className="field grow">
            {(given) => (
              <input
                {...given}
                maxLength={1000}
                value={one.about}
                onChange={({ target }) => change(one.id, { about: target.value })}
              />
            )}
          </Field>
          <button
            type="button"
            className="button"
            onClick={() => onChanged(criteria.filter((other) => other.id !== one.id))}
          >
            {words.remove}
          </button>
        </fieldset>
      ))}
      <p role="status">{words.sum(formats.number(sum))}</p>
      {!criteria.some((one) => one.aspect === 'environment') && <p>{words.noEnvironment}</p>}
      {criteria.length < MOST && (
        <button
          type="button"
          className="button"
          onClick={() =>
            onChanged([
              ...criteria,
              {
                id: Math.max(...criteria.map((one) => one.id)) + 1,
                name: '',
                aspect: 'other',
                weight: '',
                about: '',
              },
            ])
          }
        >
          {words.addOne}
        </button>
      )}
    </>
  )
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
