import { useSpeech } from '@/language'
import {
  COST_KINDS,
  emptyCost,
  emptyGrant,
  type CostDraft,
  type CostKind,
  type GrantDraft,
  type Step,
} from '@/pooling/costs'
import { faultAt, type Fault } from '@/pooling/faults'
import { Field } from '@/design/Field'
import { Amount, Typed } from '@/pooling/Typed'

type Props = { costs: CostDraft[]; faults: Fault[]; onChanged: (costs: CostDraft[]) => void }

/** What a service costs, line by line. */
export function CostLines({ costs, faults, onChanged }: Props) {
  const { messages } = useSpeech()
  const words = messages.entering
  const set = (place: number, change: Partial<CostDraft>) =>
    onChanged(costs.map((one, at) => (at === place ? { ...one, ...change } : one)))
  return (
    <div className="lines">
      {costs.map((one, place) => (
        <Line
          key={place}
          number={place + 1}
          cost={one}
          fault={faultAt(faults, `costs[${place}]`) ?? (hasUnit(one) ? faultAt(faults, one.unit) : undefined)}
          onChanged={(change) => set(place, change)}
          onRemoved={() => onChanged(costs.filter((_, at) => at !== place))}
        />
      ))}
      <button type="button" className="button" onClick={() => onChanged([...costs, emptyCost('fixed')])}>
        {words.addCost}
      </button>
    </div>
  )
}

type LineProps = {
  number: number
  cost: CostDraft
  fault: string | undefined
  onChanged: (change: Partial<CostDraft>) => void
  onRemoved: () => void
}

function Line({ number, cost, fault, onChanged, onRemoved }: LineProps) {
  const { messages, formats } = useSpeech()
  const words = messages.entering
  const stepped = cost.kind === 'stepped' || cost.kind === 'slices' || cost.kind === 'all-units'
  return (
    <fieldset className="line">
      <legend>{words.costNumber(formats.integer(number))}</legend>
      <div className="fields">
        <Field label={words.kind} hint={words.kindExplained[cost.kind]}>
          {(given) => (
            <select
              {...given}
              value={cost.kind}
              onChange={({ target }) => onChanged({ kind: target.value as CostKind })}
            >
              {COST_KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {words.kinds[kind]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Typed
          label={words.costName}
          className="field grow"
          value={cost.name}
          onTyped={(name) => onChanged({ name })}
        />
        {hasUnit(cost) && (
          <Typed
            label={words.unitOf}
            required
            list="units-of-costs"
            value={cost.unit}
            onTyped={(unit) => onChanged({ unit })}
          />
        )}
        {cost.kind === 'packs' && (
          <Amount label={words.size} required value={cost.size} onTyped={(size) => onChanged({ size })} />
        )}
        {!stepped && (
          <Amount
            label={
              cost.kind === 'fixed' ? words.amount : cost.kind === 'investment' ? words.spent : words.price
            }
            className="field"
            required
            value={cost.amount}
            onTyped={(amount) => onChanged({ amount })}
          />
        )}
        {cost.kind === 'investment' && (
          <Typed
            label={words.years}
            className="field port"
            inputMode="numeric"
            pattern="[0-9]+"
            required
            value={cost.years}
            onTyped={(years) => onChanged({ years })}
          />
        )}
        <Amount
          label={words.vat}
          hint={words.vatHint}
          className="field"
          value={cost.vat}
          onTyped={(vat) => onChanged({ vat })}
        />
      </div>
      {stepped && <Steps cost={cost} onChanged={(steps) => onChanged({ steps })} />}
      {cost.kind === 'investment' && <Spread cost={cost} onChanged={onChanged} />}
      {fault !== undefined && (
        <p role="alert">
          <strong className="fault">{fault}</strong>
        </p>
      )}
      <datalist id="units-of-costs">
        {Object.entries(messages.pooling.units).map(([unit, name]) => (
          <option key={unit} value={unit} label={name} />
        ))}
      </datalist>
      <button
        type="button"
        className="button"
        aria-label={words.removeCost(formats.integer(number))}
        onClick={onRemoved}
      >
        {words.remove}
      </button>
    </fieldset>
  )
}

/** Whether it is by a quantity of the members. */
const hasUnit = ({ kind }: CostDraft) => kind !== 'fixed' && kind !== 'investment'

/** Steps by size, or prices by quantity. */
function Steps({ cost, onChanged }: { cost: CostDraft; onChanged: (steps: Step[]) => void }) {
  const { messages } = useSpeech()
  const words = messages.entering
  const upTo = cost.kind === 'stepped'
  const last = cost.steps.length - 1
  const set = (place: number, change: Partial<Step>) =>
    onChanged(cost.steps.map((one, at) => (at === place ? { ...one, ...change } : one)))
  return (
    <div className="rows">
      {cost.steps.map((one, place) => (
        <div className="fields end" key={place}>
          <Amount
            label={upTo ? words.upTo : words.fromQuantity}
            className="field"
            hint={upTo && place === last ? words.noLimit : undefined}
            required={upTo ? place !== last : place !== 0}
            value={one.limit}
            onTyped={(limit) => set(place, { limit })}
          />
          <Amount
            label={upTo ? words.amount : words.price}
            className="field"
            required
            value={one.amount}
            onTyped={(amount) => set(place, { amount })}
          />
          {cost.steps.length > 1 && (
            <button
              type="button"
              className="button"
              aria-label={words.removeStep(String(place + 1))}
              onClick={() => onChanged(cost.steps.filter((_, at) => at !== place))}
            >
              {words.remove}
            </button>
          )}
        </div>
      ))}
      <button
        type="button"
        className="button"
        onClick={() => onChanged([...cost.steps, { limit: '', amount: '' }])}
      >
        {words.addStep}
      </button>
    </div>
  )
}

/** An investment's amortisation, subsidies and fund. */
function Spread({ cost, onChanged }: { cost: CostDraft; onChanged: (change: Partial<CostDraft>) => void }) {
  const { messages } = useSpeech()
  const words = messages.entering
  const set = (place: number, change: Partial<GrantDraft>) =>
    onChanged({ grants: cost.grants.map((one, at) => (at === place ? { ...one, ...change } : one)) })
  return (
    <div className="rows">
      <div className="fields">
        <Typed
          label={words.commissioned}
          hint={words.commissionedHint}
          type="date"
          value={cost.commissioned}
          onTyped={(commissioned) => onChanged({ commissioned })}
        />
        <Amount
          label={words.ownPart}
          className="field"
          hint={words.ownPartHint}
          value={cost.ownPart}
          onTyped={(ownPart) => onChanged({ ownPart })}
        />
        <Amount
          label={words.fctvaRate}
          className="field"
          hint={words.fctvaHint}
          value={cost.fctvaRate}
          onTyped={(fctvaRate) => onChanged({ fctvaRate })}
        />
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={cost.fctva}
          onChange={({ target }) => onChanged({ fctva: target.checked })}
        />
        {words.fctva}
      </label>
      {cost.grants.map((one, place) => (
        <fieldset className="line" key={place}>
          <legend>{words.grant(String(place + 1))}</legend>
          <div className="fields">
            <Typed
              label={words.grantSource}
              required
              value={one.source}
              onTyped={(source) => set(place, { source })}
            />
            <Amount
              label={words.rate}
              className="field"
              value={one.rate}
              onTyped={(rate) => set(place, { rate })}
            />
            <Amount
              label={words.orAmount}
              className="field"
              value={one.amount}
              onTyped={(amount) => set(place, { amount })}
            />
            <Amount
              label={words.eligible}
              className="field"
              value={one.eligible}
              onTyped={(eligible) => set(place, { eligible })}
            />
            <Amount
              label={words.ceiling}
              className="field"
              value={one.ceiling}
              onTyped={(ceiling) => set(place, { ceiling })}
            />
          </div>
          <label className="check">
            <input
              type="checkbox"
              checked={one.public}
              onChange={({ target }) => set(place, { public: target.checked })}
            />
            {words.publicAid}
          </label>
          <button
            type="button"
            className="button"
            onClick={() => onChanged({ grants: cost.grants.filter((_, at) => at !== place) })}
          >
            {words.removeGrant}
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        className="button"
        onClick={() => onChanged({ grants: [...cost.grants, emptyGrant()] })}
      >
        {words.addGrant}
      </button>
    </div>
  )
}
