import type { Criterion, Programme } from '@/api/schema'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'
import { faultAt, type Fault } from '@/pooling/faults'
import { NumberBox } from '@/pooling/NumberBox'
import { newName, renamed, without } from '@/pooling/programmeEdits'
import { Typed } from '@/pooling/Typed'

export type EditProps = { document: Programme; faults: Fault[]; onChanged: (document: Programme) => void }

const SHAPES = ['usual', 'u-shape', 'v-shape', 'level', 'linear', 'gaussian'] as const
const THRESHOLDS = {
  usual: [],
  'u-shape': ['q'],
  'v-shape': ['p'],
  level: ['q', 'p'],
  linear: ['q', 'p'],
  gaussian: ['s'],
} as const

/** What counts, and how much; who is a member, with which voices and which share of costs. */
export function ProgrammeWeights({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.entering
  const criteria = document.criteria ?? []
  const members = document.members ?? []
  const setCriterion = (place: number, change: Partial<Criterion>) =>
    onChanged({
      ...document,
      criteria: criteria.map((one, at) => (at === place ? { ...one, ...change } : one)),
    })
  return (
    <>
      <section className="part">
        <h2>{words.criteria}</h2>
        <p className="quiet">{words.criteriaHint}</p>
        {criteria.map((one, place) => {
          const shape = one.preference ?? 'usual'
          return (
            <fieldset className="line" key={place}>
              <legend>{one.name || words.criterion}</legend>
              <div className="fields">
                <Typed
                  label={words.criterion}
                  className="field grow"
                  required
                  value={one.name}
                  onTyped={(name) => onChanged(renamed(document, 'criteria', one.name, name))}
                />
                <NumberBox
                  label={words.weight}
                  required
                  value={one.weight}
                  onNumber={(weight) => setCriterion(place, { weight: weight ?? 0 })}
                />
                <Field label={words.direction}>
                  {(given) => (
                    <select
                      {...given}
                      value={one.direction ?? 'max'}
                      onChange={({ target }) =>
                        setCriterion(place, { direction: target.value as 'max' | 'min' })
                      }
                    >
                      <option value="max">{words.more}</option>
                      <option value="min">{words.less}</option>
                    </select>
                  )}
                </Field>
                <Field label={words.shape}>
                  {(given) => (
                    <select
                      {...given}
                      value={shape}
                      onChange={({ target }) =>
                        setCriterion(place, { preference: target.value as (typeof SHAPES)[number] })
                      }
                    >
                      {SHAPES.map((name) => (
                        <option key={name} value={name}>
                          {words.shapes[name]}
                        </option>
                      ))}
                    </select>
                  )}
                </Field>
                {THRESHOLDS[shape].map((name) => (
                  <NumberBox
                    key={name}
                    label={words.thresholds[name]}
                    value={one[name]}
                    onNumber={(value) => setCriterion(place, { [name]: value ?? 0 })}
                  />
                ))}
              </div>
              <Wrong said={faultAt(faults, `criteria[${place}]`)} />
              <button
                type="button"
                className="button"
                aria-label={words.removeOf(one.name)}
                onClick={() => onChanged(without(document, 'criteria', one.name))}
              >
                {words.remove}
              </button>
            </fieldset>
          )
        })}
        <Wrong said={faultAt(faults, 'criteria')} />
        <button
          type="button"
          className="button"
          onClick={() =>
            onChanged({
              ...document,
              criteria: [...criteria, { name: newName(words.criterion, criteria.map(nameOf)), weight: 1 }],
            })
          }
        >
          {words.addCriterion}
        </button>
      </section>
      <section className="part">
        <h2>{words.programmeMembers}</h2>
        <p className="quiet">{words.programmeMembersHint}</p>
        {members.map((one, place) => (
          <div className="fields end" key={place}>
            <Typed
              label={messages.pooling.member}
              className="field grow"
              required
              value={one.name}
              fault={faultAt(faults, `members[${place}]`)}
              onTyped={(name) => onChanged(renamed(document, 'members', one.name, name))}
            />
            {(['share', 'voices'] as const).map((name) => (
              <NumberBox
                key={name}
                label={words[name]}
                value={one[name] ?? 1}
                onNumber={(value) =>
                  onChanged({
                    ...document,
                    members: members.map((each, at) =>
                      at === place ? { ...each, [name]: value ?? 0 } : each,
                    ),
                  })
                }
              />
            ))}
            <button
              type="button"
              className="button"
              aria-label={words.removeOf(one.name)}
              onClick={() => onChanged(without(document, 'members', one.name))}
            >
              {words.remove}
            </button>
          </div>
        ))}
        <button
          type="button"
          className="button"
          onClick={() =>
            onChanged({
              ...document,
              members: [
                ...members,
                { name: newName(messages.pooling.member, members.map(nameOf)), share: 1 },
              ],
            })
          }
        >
          {words.addProgrammeMember}
        </button>
      </section>
    </>
  )
}

export function Wrong({ said }: { said: string | undefined }) {
  if (said === undefined) return null
  return (
    <p role="alert">
      <strong className="fault">{said}</strong>
    </p>
  )
}

const nameOf = ({ name }: { name: string }) => name
