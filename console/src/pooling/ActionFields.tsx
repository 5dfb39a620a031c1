import type { Action, Programme } from '@/api/schema'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'
import { faultsIn, toldElsewhere, toldOf, type Fault } from '@/pooling/faults'
import { NumberBox } from '@/pooling/NumberBox'
import { changedAt, removedAt, withValue } from '@/pooling/programmeEdits'
import {
  Named,
  Note,
  Numbers,
  QuarterChoice,
  Remove,
  Several,
  Spread,
  Wrong,
} from '@/pooling/ProgrammeFields'
import { Typed } from '@/pooling/Typed'

const KINDS = ['service', 'extension', 'network', 'skill'] as const
const SHOWN = [
  'name',
  'kind',
  'service',
  'offered_by',
  'quarters',
  'cost',
  'running',
  'earliest',
  'latest',
  'scores',
  'benefits',
  'shares',
  'replaces',
  'staff',
  'running_staff',
  'subsidies',
  'obligation',
] as const

type Props = {
  document: Programme
  action: Action
  /** As told from the action: `cost`, `subsidies[0]`. */
  faults: Fault[]
  onChanged: (change: Partial<Action>) => void
}

/** All that is said of a candidate action. */
export function ActionFields(props: Props) {
  const { document, action, faults, onChanged } = props
  const { messages } = useSpeech()
  const words = messages.entering
  const names = (of: { name: string }[] | undefined) => (of ?? []).map(({ name }) => name)
  const silos = names(document.silos)
  return (
    <>
      <About {...props} />
      <Work {...props} />
      <Numbers
        legend={words.scores}
        names={names(document.criteria)}
        values={action.scores}
        fault={toldOf(faults, 'scores')}
        onChanged={(scores) => onChanged({ scores })}
      />
      <Numbers
        legend={words.benefits}
        names={names(document.members)}
        values={action.benefits}
        fault={toldOf(faults, 'benefits')}
        onChanged={(benefits) => onChanged({ benefits })}
      />
      <Numbers
        legend={messages.planning.shares}
        hint={messages.planning.sharesHint}
        names={names(document.members)}
        values={action.shares}
        fault={toldOf(faults, 'shares')}
        onChanged={(shares) => onChanged({ shares })}
      />
      {silos.length > 0 && (
        <Several
          legend={words.replaces}
          names={silos}
          chosen={action.replaces ?? []}
          fault={toldOf(faults, 'replaces')}
          onChosen={(replaces) => onChanged({ replaces })}
        />
      )}
      <Staffed {...props} />
      <Subsidies {...props} />
      <Obliged {...props} />
      <Wrong said={toldElsewhere(faults, SHOWN)} />
      <Note note={action.note} onChanged={(note) => onChanged({ note })} />
    </>
  )
}

function About({ document, action, faults, onChanged }: Props) {
  const { messages } = useSpeech()
  const words = messages.entering
  return (
    <div className="fields">
      <Named
        label={words.action}
        name={action.name}
        taken={document.actions.map(({ name }) => name)}
        fault={toldOf(faults, 'name')}
        onNamed={(name) => onChanged({ name })}
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
        fault={toldOf(faults, 'service')}
        onTyped={(service) => onChanged({ service })}
      />
      <Typed
        label={messages.planning.offeredBy}
        hint={messages.planning.offeredByHint}
        value={action.offered_by ?? ''}
        fault={toldOf(faults, 'offered_by')}
        onTyped={(offered_by) => onChanged({ offered_by })}
      />
    </div>
  )
}

function Work({ document, action, faults, onChanged }: Props) {
  const { messages } = useSpeech()
  const words = messages.entering
  const planned = { start: document.start, quarters: document.quarters, any: messages.planning.anyQuarter }
  return (
    <>
      <div className="fields">
        <NumberBox
          label={words.workQuarters}
          required
          whole
          value={action.quarters ?? 1}
          fault={toldOf(faults, 'quarters')}
          onNumber={(quarters) => onChanged({ quarters: quarters ?? 1 })}
        />
        <NumberBox
          label={words.running}
          value={action.running ?? 0}
          fault={toldOf(faults, 'running')}
          onNumber={(running) => onChanged({ running: running ?? 0 })}
        />
        <QuarterChoice
          label={words.earliest}
          {...planned}
          value={action.earliest}
          fault={toldOf(faults, 'earliest')}
          onChosen={(earliest) => onChanged({ earliest })}
        />
        <QuarterChoice
          label={words.latest}
          {...planned}
          value={action.latest}
          fault={toldOf(faults, 'latest')}
          onChosen={(latest) => onChanged({ latest })}
        />
      </div>
      <Spread
        label={words.workCost}
        together
        required
        value={action.cost ?? 0}
        names={useWork(action)}
        fault={toldOf(faults, 'cost')}
        onChanged={(cost) => onChanged({ cost: cost ?? 0 })}
      />
    </>
  )
}

/** How each quarter of the work is said. */
function useWork(action: Action): string[] {
  const words = useSpeech().messages.planning
  const count = Math.min(Math.max(action.quarters ?? 1, 1), 40)
  return Array.from({ length: count }, (_, place) => words.quarterOfWork(place + 1))
}

/** Person-months it takes, by skill: while it is made, then while it is in service. */
function Staffed({ document, action, faults, onChanged }: Props) {
  const words = useSpeech().messages.planning
  const work = useWork(action)
  const staff = action.staff ?? {}
  const skills = [...new Set([...(document.staff ?? []).map(({ skill }) => skill), ...Object.keys(staff)])]
  if (skills.length === 0 && Object.keys(action.running_staff ?? {}).length === 0) return null
  return (
    <>
      <fieldset className="rows">
        <legend>{words.staffOfWork}</legend>
        {skills.map((skill) => (
          <Spread
            key={skill}
            label={skill}
            value={staff[skill]}
            names={work}
            onChanged={(months) => onChanged({ staff: withValue(staff, skill, months) })}
          />
        ))}
        <Wrong said={toldOf(faults, 'staff')} />
      </fieldset>
      <Numbers
        legend={words.runningStaff}
        names={skills}
        values={action.running_staff}
        fault={toldOf(faults, 'running_staff')}
        onChanged={(running_staff) => onChanged({ running_staff })}
      />
    </>
  )
}

function Subsidies({ action, faults, onChanged }: Props) {
  const { messages } = useSpeech()
  const words = messages.planning
  const subsidies = action.subsidies ?? []
  const told = faultsIn(faults, 'subsidies')
  const set = (place: number, change: Partial<(typeof subsidies)[number]>) =>
    onChanged({ subsidies: changedAt(subsidies, place, change) })
  return (
    <fieldset className="rows">
      <legend>{words.subsidies}</legend>
      {subsidies.map((one, place) => {
        const here = faultsIn(told, `[${place}]`)
        return (
          <fieldset className="rows" key={place}>
            <legend>{words.subsidy(String(place + 1))}</legend>
            <div className="fields end">
              <Typed
                label={words.source}
                className="field grow"
                required
                maxLength={200}
                value={one.source}
                fault={toldOf(here, 'source')}
                onTyped={(source) => set(place, { source })}
              />
              <NumberBox
                label={words.subsidyAmount}
                value={one.amount ?? 0}
                fault={toldOf(here, 'amount')}
                onNumber={(amount) => set(place, { amount: amount ?? 0 })}
              />
              <NumberBox
                label={words.subsidyRate}
                value={one.rate ?? 0}
                fault={toldOf(here, 'rate')}
                onNumber={(rate) => set(place, { rate: rate ?? 0 })}
              />
              <NumberBox
                label={words.delay}
                whole
                value={one.delay ?? 0}
                fault={toldOf(here, 'delay')}
                onNumber={(delay) => set(place, { delay: delay ?? 0 })}
              />
              <Typed
                label={words.startedBefore}
                type="date"
                value={one.before ?? ''}
                fault={toldOf(here, 'before')}
                onTyped={(before) => set(place, { before: before === '' ? null : before })}
              />
              <Remove
                said={messages.entering.removeOf(words.subsidy(String(place + 1)))}
                onRemoved={() => onChanged({ subsidies: removedAt(subsidies, place) })}
              />
            </div>
            <Note note={one.note} onChanged={(note) => set(place, { note })} />
          </fieldset>
        )
      })}
      <Wrong
        said={toldElsewhere(
          told,
          subsidies.map((_, place) => `[${place}]`),
        )}
      />
      <button
        type="button"
        className="button"
        onClick={() => onChanged({ subsidies: [...subsidies, { source: '', amount: 0 }] })}
      >
        {words.addSubsidy}
      </button>
    </fieldset>
  )
}

function Obliged({ action, faults, onChanged }: Props) {
  const words = useSpeech().messages.entering
  const { obligation } = action
  const told = faultsIn(faults, 'obligation')
  return (
    <fieldset className="rows">
      <legend>{words.obligation}</legend>
      <div className="fields">
        <Typed
          label={words.obligationBy}
          type="date"
          value={obligation?.by ?? ''}
          fault={toldOf(told, 'by')}
          onTyped={(by) =>
            onChanged({
              obligation: by === '' ? null : { reason: words.obligation, ...obligation, by },
            })
          }
        />
        {obligation && (
          <Typed
            label={words.obligationReason}
            className="field grow"
            required
            maxLength={200}
            value={obligation.reason}
            fault={toldOf(told, 'reason')}
            onTyped={(reason) => onChanged({ obligation: { ...obligation, reason } })}
          />
        )}
      </div>
      {obligation && (
        <Note
          note={obligation.note}
          onChanged={(note) => onChanged({ obligation: { ...obligation, note } })}
        />
      )}
    </fieldset>
  )
}
