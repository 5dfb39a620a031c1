import { useSpeech } from '@/language'
import { faultsIn, toldElsewhere, toldOf } from '@/pooling/faults'
import { changedAt, newName, renamed, without } from '@/pooling/programmeEdits'
import { Named, Note, Spread, useQuarter, Wrong, type EditProps } from '@/pooling/ProgrammeFields'
import { span } from '@/pooling/quarters'

/** Who there is to do the work: person-months by skill, the same each quarter or not. */
export function ProgrammeStaff({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.planning
  const say = useQuarter()
  const staff = document.staff ?? []
  const skills = staff.map(({ skill }) => skill)
  const quarters = span(document.start, Math.min(Math.max(document.quarters, 1), 40)).map(say)
  const told = faultsIn(faults, 'staff')
  return (
    <section className="part">
      <h2>{words.staff}</h2>
      <p className="quiet">{words.staffHint}</p>
      {staff.map((one, place) => {
        const here = faultsIn(told, `[${place}]`)
        return (
          <fieldset className="line" key={place}>
            <legend>{one.skill}</legend>
            <div className="fields">
              <Named
                label={words.skill}
                name={one.skill}
                taken={skills}
                fault={toldOf(here, 'skill')}
                onNamed={(skill) => onChanged(renamed(document, 'staff', one.skill, skill))}
              />
            </div>
            <Spread
              label={words.months}
              required
              value={one.months}
              names={quarters}
              fault={toldOf(here, 'months')}
              onChanged={(months) =>
                onChanged({ ...document, staff: changedAt(staff, place, { months: months ?? 0 }) })
              }
            />
            <Wrong said={toldElsewhere(here, ['skill', 'months'])} />
            <Note
              note={one.note}
              onChanged={(note) => onChanged({ ...document, staff: changedAt(staff, place, { note }) })}
            />
            <button
              type="button"
              className="button"
              aria-label={messages.entering.removeOf(one.skill)}
              onClick={() => onChanged(without(document, 'staff', one.skill))}
            >
              {messages.entering.remove}
            </button>
          </fieldset>
        )
      })}
      <Wrong
        said={toldElsewhere(
          told,
          staff.map((_, place) => `[${place}]`),
        )}
      />
      <button
        type="button"
        className="button"
        onClick={() =>
          onChanged({ ...document, staff: [...staff, { skill: newName(words.skill, skills), months: 1 }] })
        }
      >
        {words.addStaff}
      </button>
    </section>
  )
}
