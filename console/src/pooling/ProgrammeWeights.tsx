import type { Criterion, Member } from '@/api/schema'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'
import { faultsIn, toldElsewhere, toldOf } from '@/pooling/faults'
import { NumberBox } from '@/pooling/NumberBox'
import { changedAt, newName, renamed, without } from '@/pooling/programmeEdits'
import { Named, Note, Numbers, Remove, Wrong, type EditProps } from '@/pooling/ProgrammeFields'

const SHAPES = ['usual', 'u-shape', 'v-shape', 'level', 'linear', 'gaussian'] as const
const THRESHOLDS = {
  usual: [],
  'u-shape': ['q'],
  'v-shape': ['p'],
  level: ['q', 'p'],
  linear: ['q', 'p'],
  gaussian: ['s'],
} as const

/** What counts, and how much; who is a member, with which voices, which share of costs and which weights of its own. */
export function ProgrammeWeights(props: EditProps) {
  return (
    <>
      <Criteria {...props} />
      <Members {...props} />
    </>
  )
}

function Criteria({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.entering
  const criteria = document.criteria ?? []
  const told = faultsIn(faults, 'criteria')
  const set = (place: number, change: Partial<Criterion>) =>
    onChanged({ ...document, criteria: changedAt(criteria, place, change) })
  return (
    <section className="part">
      <h2>{words.criteria}</h2>
      <p className="quiet">{words.criteriaHint}</p>
      {criteria.map((one, place) => {
        const shape = one.preference ?? 'usual'
        const here = faultsIn(told, `[${place}]`)
        return (
          <fieldset className="line" key={place}>
            <legend>{one.name}</legend>
            <div className="fields">
              <Named
                label={words.criterion}
                name={one.name}
                taken={criteria.map(nameOf)}
                fault={toldOf(here, 'name')}
                onNamed={(name) => onChanged(renamed(document, 'criteria', one.name, name))}
              />
              <NumberBox
                label={words.weight}
                required
                value={one.weight}
                fault={toldOf(here, 'weight')}
                onNumber={(weight) => set(place, { weight: weight ?? 0 })}
              />
              <Select
                label={words.direction}
                value={one.direction ?? 'max'}
                options={{ max: words.more, min: words.less }}
                onChosen={(direction) => set(place, { direction })}
              />
              <Select
                label={messages.planning.side}
                value={one.side ?? 'demand'}
                options={messages.planning.sides}
                onChosen={(side) => set(place, { side })}
              />
              <Select
                label={words.shape}
                value={shape}
                options={Object.fromEntries(SHAPES.map((name) => [name, words.shapes[name]])) as Shapes}
                onChosen={(preference) => set(place, { preference })}
              />
              {THRESHOLDS[shape].map((name) => (
                <NumberBox
                  key={name}
                  label={words.thresholds[name]}
                  value={one[name] ?? 0}
                  fault={toldOf(here, name)}
                  onNumber={(value) => set(place, { [name]: value ?? 0 })}
                />
              ))}
            </div>
            <Wrong said={toldElsewhere(here, ['name', 'weight', 'q', 'p', 's'])} />
            <Note note={one.note} onChanged={(note) => set(place, { note })} />
            <Remove
              said={words.removeOf(one.name)}
              onRemoved={() => onChanged(without(document, 'criteria', one.name))}
            />
          </fieldset>
        )
      })}
      <Wrong
        said={toldElsewhere(
          told,
          criteria.map((_, place) => `[${place}]`),
        )}
      />
      <button
        type="button"
        className="button"
        onClick={() => {
          const made = { name: newName(words.criterion, criteria.map(nameOf)), weight: 1 }
          onChanged({ ...document, criteria: [...criteria, made] })
        }}
      >
        {words.addCriterion}
      </button>
    </section>
  )
}

function Members({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.entering
  const members = document.members ?? []
  const told = faultsIn(faults, 'members')
  const set = (place: number, change: Partial<Member>) =>
    onChanged({ ...document, members: changedAt(members, place, change) })
  return (
    <section className="part">
      <h2>{words.programmeMembers}</h2>
      <p className="quiet">{words.programmeMembersHint}</p>
      {members.map((one, place) => {
        const here = faultsIn(told, `[${place}]`)
        return (
          <fieldset className="line" key={place}>
            <legend>{one.name}</legend>
            <div className="fields end">
              <Named
                label={messages.pooling.member}
                name={one.name}
                taken={members.map(nameOf)}
                fault={toldOf(here, 'name')}
                onNamed={(name) => onChanged(renamed(document, 'members', one.name, name))}
              />
              {(['share', 'voices'] as const).map((name) => (
                <NumberBox
                  key={name}
                  label={words[name]}
                  value={one[name] ?? 1}
                  fault={toldOf(here, name)}
                  onNumber={(value) => set(place, { [name]: value ?? 0 })}
                />
              ))}
              <Remove
                said={words.removeOf(one.name)}
                onRemoved={() => onChanged(without(document, 'members', one.name))}
              />
            </div>
            {(document.criteria ?? []).length > 0 && (
              <details open={Object.keys(one.weights ?? {}).length > 0}>
                <summary>{messages.planning.ownWeights(one.name)}</summary>
                <Numbers
                  legend={messages.planning.ownWeightsLegend}
                  hint={messages.planning.ownWeightsHint}
                  names={(document.criteria ?? []).map(nameOf)}
                  values={one.weights}
                  fault={toldOf(here, 'weights')}
                  onChanged={(weights) => set(place, { weights })}
                />
              </details>
            )}
            <Wrong said={toldElsewhere(here, ['name', 'share', 'voices', 'weights'])} />
            <Note note={one.note} onChanged={(note) => set(place, { note })} />
          </fieldset>
        )
      })}
      <Wrong
        said={toldElsewhere(
          told,
          members.map((_, place) => `[${place}]`),
        )}
      />
      <button
        type="button"
        className="button"
        onClick={() => {
          const made = { name: newName(messages.pooling.member, members.map(nameOf)), share: 1 }
          onChanged({ ...document, members: [...members, made] })
        }}
      >
        {words.addProgrammeMember}
      </button>
    </section>
  )
}

type Shapes = Record<(typeof SHAPES)[number], string>
type SelectProps<T extends string> = {
  label: string
  value: T
  options: Record<T, string>
  onChosen: (value: T) => void
}

function Select<T extends string>({ label, value, options, onChosen }: SelectProps<T>) {
  return (
    <Field label={label}>
      {(given) => (
        <select {...given} value={value} onChange={({ target }) => onChosen(target.value as T)}>
          {Object.entries<string>(options).map(([name, said]) => (
            <option key={name} value={name}>
              {said}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

const nameOf = ({ name }: { name: string }) => name
