import { useSpeech } from '@/language'
import { faultsIn, toldElsewhere, toldOf } from '@/pooling/faults'
import { changedAt, removedAt } from '@/pooling/programmeEdits'
import { Among, Note, QuarterChoice, Remove, Wrong, type EditProps } from '@/pooling/ProgrammeFields'

/** What people have decided already: an action that is done, or not, at all or in a quarter. */
export function ProgrammeChoices(props: EditProps) {
  const words = useSpeech().messages.planning
  return (
    <section className="part">
      <h2>{words.choices}</h2>
      <p className="quiet">{words.choicesHint}</p>
      <Chosen {...props} what="pins" />
      <Chosen {...props} what="forbids" />
    </section>
  )
}

function Chosen({ document, faults, onChanged, what }: EditProps & { what: 'pins' | 'forbids' }) {
  const { messages } = useSpeech()
  const words = messages.planning
  const choices = document[what] ?? []
  const names = document.actions.map(({ name }) => name)
  const told = faultsIn(faults, what)
  const set = (place: number, change: Partial<(typeof choices)[number]>) =>
    onChanged({ ...document, [what]: changedAt(choices, place, change) })
  return (
    <fieldset className="line">
      <legend>{words[what]}</legend>
      {choices.map((one, place) => {
        const here = faultsIn(told, `[${place}]`)
        return (
          <div className="rows" key={place}>
            <div className="fields end">
              <Among
                label={messages.entering.action}
                names={names}
                value={one.action}
                fault={toldOf(here, 'action')}
                onChosen={(action) => set(place, { action })}
              />
              <QuarterChoice
                label={words.startsIn}
                start={document.start}
                quarters={document.quarters}
                any={words.whenever[what]}
                value={one.start}
                fault={toldOf(here, 'start')}
                onChosen={(start) => set(place, { start })}
              />
              <Remove
                said={messages.entering.removeStep(String(place + 1))}
                onRemoved={() => onChanged({ ...document, [what]: removedAt(choices, place) })}
              />
            </div>
            <Note note={one.note} onChanged={(note) => set(place, { note })} />
          </div>
        )
      })}
      <Wrong
        said={toldElsewhere(
          told,
          choices.map((_, place) => `[${place}]`),
        )}
      />
      <button
        type="button"
        className="button"
        disabled={names.length === 0}
        onClick={() => onChanged({ ...document, [what]: [...choices, { action: names[0] ?? '' }] })}
      >
        {words.add[what]}
      </button>
    </fieldset>
  )
}
