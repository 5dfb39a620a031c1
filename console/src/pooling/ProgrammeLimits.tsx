import type { Programme } from '@/api/schema'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'
import { faultAt } from '@/pooling/faults'
import { NumberBox } from '@/pooling/NumberBox'
import { Wrong, type EditProps } from '@/pooling/ProgrammeWeights'

/** What binds the plan: money a year, and which action comes before which. */
export function ProgrammeLimits({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.entering
  const budgets = document.budgets ?? []
  const precedences = document.precedences ?? []
  const alternatives = (document.alternatives ?? []) as { actions: string[] }[]
  const names = document.actions.map(({ name }) => name)
  const set = (change: Partial<Programme>) => onChanged({ ...document, ...change })
  const last = budgets.at(-1)?.year ?? Number(document.start.slice(0, 4)) - 1
  const setPrecedence = (place: number, change: Partial<(typeof precedences)[number]>) =>
    set({ precedences: precedences.map((one, at) => (at === place ? { ...one, ...change } : one)) })
  const setAlternative = (place: number, at: number, name: string) =>
    set({
      alternatives: alternatives.map((one, here) =>
        here === place ? { ...one, actions: one.actions.map((each, i) => (i === at ? name : each)) } : one,
      ),
    })
  return (
    <section className="part">
      <h2>{words.limits}</h2>
      <fieldset className="line">
        <legend>{words.budgets}</legend>
        {budgets.map((one, place) => (
          <div className="fields end" key={place}>
            <NumberBox
              label={messages.pooling.year}
              required
              value={one.year}
              onNumber={(year) =>
                set({
                  budgets: budgets.map((each, at) => (at === place ? { ...each, year: year ?? 0 } : each)),
                })
              }
            />
            <NumberBox
              label={words.amount}
              required
              value={one.amount}
              onNumber={(amount) =>
                set({
                  budgets: budgets.map((each, at) =>
                    at === place ? { ...each, amount: amount ?? 0 } : each,
                  ),
                })
              }
            />
            <button
              type="button"
              className="button"
              aria-label={words.removeOf(String(one.year))}
              onClick={() => set({ budgets: budgets.filter((_, at) => at !== place) })}
            >
              {words.remove}
            </button>
          </div>
        ))}
        <Wrong said={faultAt(faults, 'budgets')} />
        <button
          type="button"
          className="button"
          onClick={() => set({ budgets: [...budgets, { year: last + 1, amount: 0 }] })}
        >
          {words.addBudget}
        </button>
      </fieldset>
      <fieldset className="line">
        <legend>{words.precedences}</legend>
        {precedences.map((one, place) => (
          <div className="fields end" key={place}>
            <Among
              label={words.before}
              names={names}
              value={one.before}
              onChosen={(before) => setPrecedence(place, { before })}
            />
            <Among
              label={words.after}
              names={names}
              value={one.after}
              onChosen={(after) => setPrecedence(place, { after })}
            />
            <NumberBox
              label={words.lag}
              value={one.lag ?? 0}
              onNumber={(lag) => setPrecedence(place, { lag: lag ?? 0 })}
            />
            <button
              type="button"
              className="button"
              aria-label={words.removeStep(String(place + 1))}
              onClick={() => set({ precedences: precedences.filter((_, at) => at !== place) })}
            >
              {words.remove}
            </button>
          </div>
        ))}
        <Wrong said={faultAt(faults, 'precedences')} />
        <button
          type="button"
          className="button"
          disabled={names.length < 2}
          onClick={() =>
            set({ precedences: [...precedences, { before: names[0] ?? '', after: names[1] ?? '' }] })
          }
        >
          {words.addPrecedence}
        </button>
      </fieldset>
      <fieldset className="line">
        <legend>{words.alternatives}</legend>
        {alternatives.map((one, place) => (
          <div className="fields end" key={place}>
            {one.actions.map((name, at) => (
              <Among
                key={at}
                label={words.oneOf(String(at + 1))}
                names={names}
                value={name}
                onChosen={(chosen) => setAlternative(place, at, chosen)}
              />
            ))}
            <button
              type="button"
              className="button"
              aria-label={words.removeStep(String(place + 1))}
              onClick={() => set({ alternatives: alternatives.filter((_, at) => at !== place) })}
            >
              {words.remove}
            </button>
          </div>
        ))}
        <Wrong said={faultAt(faults, 'alternatives')} />
        <button
          type="button"
          className="button"
          disabled={names.length < 2}
          onClick={() =>
            set({
              alternatives: [...alternatives, { actions: names.slice(0, 2) }],
            })
          }
        >
          {words.addAlternative}
        </button>
      </fieldset>
    </section>
  )
}

type AmongProps = { label: string; names: string[]; value: string; onChosen: (name: string) => void }

function Among({ label, names, value, onChosen }: AmongProps) {
  return (
    <Field label={label} className="field grow">
      {(given) => (
        <select {...given} value={value} onChange={({ target }) => onChosen(target.value)}>
          {[...new Set([value, ...names])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </Field>
  )
}
