import { useState } from 'react'
import type { Action, Programme } from '@/api/schema'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'
import { decimal, faultAt, typed } from '@/pooling/faults'
import { NumberBox } from '@/pooling/NumberBox'
import { emptyAction, newName, setAction, withoutAction } from '@/pooling/programmeEdits'
import { Wrong, type EditProps } from '@/pooling/ProgrammeWeights'
import { Typed } from '@/pooling/Typed'

const KINDS = ['service', 'extension', 'network', 'skill'] as const

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
            {faultAt(faults, `actions[${place}]`) !== undefined && (
              <strong className="fault"> {words.wrongHere}</strong>
            )}
          </summary>
          <ActionFields
            document={document}
            action={one}
            onChanged={(change) => onChanged(setAction(document, place, change))}
          />
          <Wrong said={faultAt(faults, `actions[${place}]`)} />
          <button type="button" className="button" onClick={() => onChanged(withoutAction(document, place))}>
            {words.removeAction}
          </button>
        </details>
      ))}
      <Wrong said={faultAt(faults, 'actions')} />
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

type Props = { document: Programme; action: Action; onChanged: (change: Partial<Action>) => void }

function ActionFields({ document, action, onChanged }: Props) {
  const { messages } = useSpeech()
  const words = messages.entering
  const silos = document.silos ?? []
  const replaces = action.replaces ?? []
  return (
    <>
      <div className="fields">
        <Typed
          label={words.action}
          className="field grow"
          required
          value={action.name}
          onTyped={(name) => onChanged({ name })}
        />
        <Field label={words.kind}>
          {(given) => (
            <select
              {...given}
              value={action.kind ?? 'service'}
              onChange={({ target }) => onChanged({ kind: target.value as (typeof KINDS)[number] })}
            >
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {words.actionKinds[kind]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Typed
          label={messages.pooling.service}
          value={action.service ?? ''}
          onTyped={(service) => onChanged({ service })}
        />
        <NumberBox
          label={words.workQuarters}
          required
          value={action.quarters ?? 1}
          onNumber={(quarters) => onChanged({ quarters: quarters ?? 1 })}
        />
        <Cost cost={action.cost ?? 0} onChanged={(cost) => onChanged({ cost })} />
        <NumberBox
          label={words.running}
          value={action.running ?? 0}
          onNumber={(running) => onChanged({ running: running ?? 0 })}
        />
        <Quarter
          label={words.earliest}
          value={action.earliest}
          onChanged={(earliest) => onChanged({ earliest })}
        />
        <Quarter label={words.latest} value={action.latest} onChanged={(latest) => onChanged({ latest })} />
      </div>
      <Numbers
        legend={words.scores}
        names={(document.criteria ?? []).map(({ name }) => name)}
        values={action.scores}
        onChanged={(scores) => onChanged({ scores })}
      />
      <Numbers
        legend={words.benefits}
        names={(document.members ?? []).map(({ name }) => name)}
        values={action.benefits ?? {}}
        onChanged={(benefits) => onChanged({ benefits })}
      />
      {silos.length > 0 && (
        <fieldset className="ways-in">
          <legend>{words.replaces}</legend>
          {silos.map(({ name }) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={replaces.includes(name)}
                onChange={({ target }) =>
                  onChanged({
                    replaces: target.checked ? [...replaces, name] : replaces.filter((one) => one !== name),
                  })
                }
              />
              {name}
            </label>
          ))}
        </fieldset>
      )}
      <fieldset className="rows">
        <legend>{words.obligation}</legend>
        <div className="fields">
          <Typed
            label={words.obligationBy}
            type="date"
            value={action.obligation?.by ?? ''}
            onTyped={(by) =>
              onChanged({
                obligation: by === '' ? null : { by, reason: action.obligation?.reason ?? words.obligation },
              })
            }
          />
          {action.obligation && (
            <Typed
              label={words.obligationReason}
              className="field grow"
              required
              value={action.obligation.reason}
              onTyped={(reason) =>
                onChanged({ obligation: { ...action.obligation, reason } } as Partial<Action>)
              }
            />
          )}
        </div>
      </fieldset>
    </>
  )
}

/** One amount, or one a quarter of work. */
function Cost({
  cost,
  onChanged,
}: {
  cost: number | number[]
  onChanged: (cost: number | number[]) => void
}) {
  const { messages, language } = useSpeech()
  const words = messages.entering
  const [text, setText] = useState(() =>
    [cost]
      .flat()
      .map((one) => typed(one, language))
      .join(' ; '),
  )
  return (
    <Typed
      label={words.workCost}
      hint={words.workCostHint}
      required
      pattern="[0-9\s]+([.,][0-9]+)?(\s*;\s*[0-9\s]+([.,][0-9]+)?)*"
      value={text}
      onTyped={(next) => {
        setText(next)
        const amounts = next.split(';').map((one) => Number(decimal(one)))
        if (next.trim() === '' || !amounts.every(Number.isFinite)) return
        onChanged(amounts.length > 1 ? amounts : (amounts[0] ?? 0))
      }}
    />
  )
}

type QuarterProps = {
  label: string
  value: string | null | undefined
  onChanged: (value: string | null) => void
}

function Quarter({ label, value, onChanged }: QuarterProps) {
  const words = useSpeech().messages.entering
  return (
    <Typed
      label={label}
      hint={words.quarterHint}
      className="field port"
      pattern="[0-9]{4}-Q[1-4]"
      value={value ?? ''}
      onTyped={(next) => onChanged(next === '' ? null : next)}
    />
  )
}

type NumbersProps = {
  legend: string
  names: string[]
  values: Record<string, number>
  onChanged: (values: Record<string, number>) => void
}

/** A number for each name; none where nothing is typed. */
function Numbers({ legend, names, values, onChanged }: NumbersProps) {
  if (names.length === 0) return null
  return (
    <fieldset className="rows">
      <legend>{legend}</legend>
      <div className="fields">
        {names.map((name) => (
          <NumberBox
            key={name}
            label={name}
            value={values[name]}
            onNumber={(value) => {
              const others = Object.entries(values).filter(([other]) => other !== name)
              onChanged(Object.fromEntries(value === undefined ? others : [...others, [name, value]]))
            }}
          />
        ))}
      </div>
    </fieldset>
  )
}
