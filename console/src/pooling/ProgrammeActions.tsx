import { useSpeech } from '@/language'
import { ActionFields } from '@/pooling/ActionFields'
import { faultsIn, toldOf } from '@/pooling/faults'
import { emptyAction, newName, setAction, withoutAction } from '@/pooling/programmeEdits'
import { Wrong, type EditProps } from '@/pooling/ProgrammeFields'

/** Candidate actions: what each costs, brings and replaces, and how it is scored. */
export function ProgrammeActions({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.entering
  return (
    <section className="part">
      <h2>{words.actions}</h2>
      {document.actions.map((one, place) => (
        <details className="line" key={place}>
          <summary>
            {one.name} {one.service && <span className="quiet">{one.service}</span>}
            {toldOf(faults, `actions[${place}]`) !== undefined && (
              <strong className="fault"> {words.wrongHere}</strong>
            )}
          </summary>
          <ActionFields
            document={document}
            action={one}
            faults={faultsIn(faults, `actions[${place}]`)}
            onChanged={(change) => onChanged(setAction(document, place, change))}
          />
          <button type="button" className="button" onClick={() => onChanged(withoutAction(document, place))}>
            {words.removeAction}
          </button>
        </details>
      ))}
      <Wrong said={faults.find(({ field }) => field === 'actions')?.detail} />
      <button
        type="button"
        className="button"
        onClick={() => {
          const made = emptyAction(
            newName(
              words.action,
              document.actions.map(({ name }) => name),
            ),
          )
          const scores = Object.fromEntries((document.criteria ?? []).map(({ name }) => [name, 0]))
          onChanged({ ...document, actions: [...document.actions, { ...made, scores }] })
        }}
      >
        {words.addAction}
      </button>
    </section>
  )
}
