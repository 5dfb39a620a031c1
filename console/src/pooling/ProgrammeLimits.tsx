import type { Programme } from '@/api/schema'
import { useSpeech } from '@/language'
import { faultsIn, toldElsewhere, toldOf } from '@/pooling/faults'
import { NumberBox } from '@/pooling/NumberBox'
import { changedAt, removedAt } from '@/pooling/programmeEdits'
import { Among, Note, Remove, Several, Wrong, type EditProps } from '@/pooling/ProgrammeFields'

/** What binds the plan: money a year, which action comes before which, and which leave out each other. */
export function ProgrammeLimits(props: EditProps) {
  const words = useSpeech().messages.entering
  return (
    <section className="part">
      <h2>{words.limits}</h2>
      <Budgets {...props} />
      <Precedences {...props} />
      <Alternatives {...props} />
    </section>
  )
}

function Budgets({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.entering
  const budgets = document.budgets ?? []
  const told = faultsIn(faults, 'budgets')
  const last = budgets.at(-1)?.year ?? Number(document.start.slice(0, 4)) - 1
  const set = (place: number, change: Partial<(typeof budgets)[number]>) =>
    onChanged({ ...document, budgets: changedAt(budgets, place, change) })
  return (
    <fieldset className="line">
      <legend>{words.budgets}</legend>
      <p className="quiet">{messages.planning.budgetsHint}</p>
      {budgets.map((one, place) => {
        const here = faultsIn(told, `[${place}]`)
        return (
          <div className="rows" key={place}>
            <div className="fields end">
              <NumberBox
                label={messages.pooling.year}
                required
                whole
                value={one.year}
                fault={toldOf(here, 'year')}
                onNumber={(year) => set(place, { year: year ?? 0 })}
              />
              <NumberBox
                label={words.amount}
                required
                value={one.amount}
                fault={toldOf(here, 'amount')}
                onNumber={(amount) => set(place, { amount: amount ?? 0 })}
              />
              <Remove
                said={words.removeOf(String(one.year))}
                onRemoved={() => onChanged({ ...document, budgets: removedAt(budgets, place) })}
              />
            </div>
            <Note note={one.note} onChanged={(note) => set(place, { note })} />
          </div>
        )
      })}
      <Wrong
        said={toldElsewhere(
          told,
          budgets.map((_, place) => `[${place}]`),
        )}
      />
      <button
        type="button"
        className="button"
        onClick={() => onChanged({ ...document, budgets: [...budgets, { year: last + 1, amount: 0 }] })}
      >
        {words.addBudget}
      </button>
      <NumberBox
        label={messages.planning.carryOver}
        hint={messages.planning.carryOverHint}
        value={document.carry_over ?? 100}
        fault={toldOf(faults, 'carry_over')}
        onNumber={(carry_over) => onChanged({ ...document, carry_over: carry_over ?? 100 })}
      />
    </fieldset>
  )
}

function Precedences({ document, faults, onChanged }: EditProps) {
  const words = useSpeech().messages.entering
  const precedences = document.precedences ?? []
  const names = document.actions.map(({ name }) => name)
  const told = faultsIn(faults, 'precedences')
  const set = (place: number, change: Partial<(typeof precedences)[number]>) =>
    onChanged({ ...document, precedences: changedAt(precedences, place, change) })
  return (
    <fieldset className="line">
      <legend>{words.precedences}</legend>
      {precedences.map((one, place) => {
        const here = faultsIn(told, `[${place}]`)
        return (
          <div className="rows" key={place}>
            <div className="fields end">
              <Among
                label={words.before}
                names={names}
                value={one.before}
                fault={toldOf(here, 'before')}
                onChosen={(before) => set(place, { before })}
              />
              <Among
                label={words.after}
                names={names}
                value={one.after}
                fault={toldOf(here, 'after')}
                onChosen={(after) => set(place, { after })}
              />
              <NumberBox
                label={words.lag}
                whole
                value={one.lag ?? 0}
                fault={toldOf(here, 'lag')}
                onNumber={(lag) => set(place, { lag: lag ?? 0 })}
              />
              <Remove
                said={words.removeStep(String(place + 1))}
                onRemoved={() => onChanged({ ...document, precedences: removedAt(precedences, place) })}
              />
            </div>
            <Wrong said={toldElsewhere(here, ['before', 'after', 'lag'])} />
            <Note note={one.note} onChanged={(note) => set(place, { note })} />
          </div>
        )
      })}
      <Wrong
        said={toldElsewhere(
          told,
          precedences.map((_, place) => `[${place}]`),
        )}
      />
      <button
        type="button"
        className="button"
        disabled={names.length < 2}
        onClick={() => {
          const [before = '', after = ''] = names
          onChanged({ ...document, precedences: [...precedences, { before, after }] })
        }}
      >
        {words.addPrecedence}
      </button>
    </fieldset>
  )
}

type Alternative = NonNullable<Programme['alternatives']>[number]

function Alternatives({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.entering
  const alternatives = document.alternatives ?? []
  const names = document.actions.map(({ name }) => name)
  const told = faultsIn(faults, 'alternatives')
  const set = (place: number, change: Partial<Alternative>) =>
    onChanged({ ...document, alternatives: changedAt(alternatives, place, change) })
  return (
    <fieldset className="line">
      <legend>{words.alternatives}</legend>
      {alternatives.map((one, place) => (
        <div className="rows" key={place}>
          <Several
            legend={messages.planning.oneAtMost(String(place + 1))}
            names={names}
            chosen={one.actions}
            fault={toldOf(told, `[${place}]`)}
            onChosen={(actions) => set(place, { actions })}
          />
          <Note note={one.note} onChanged={(note) => set(place, { note })} />
          <Remove
            said={words.removeOf(messages.planning.oneAtMost(String(place + 1)))}
            onRemoved={() => onChanged({ ...document, alternatives: removedAt(alternatives, place) })}
          />
        </div>
      ))}
      <Wrong
        said={toldElsewhere(
          told,
          alternatives.map((_, place) => `[${place}]`),
        )}
      />
      <button
        type="button"
        className="button"
        disabled={names.length < 2}
        onClick={() =>
          onChanged({ ...document, alternatives: [...alternatives, { actions: names.slice(0, 2) }] })
        }
      >
        {words.addAlternative}
      </button>
    </fieldset>
  )
}
