import type { Silo } from '@/api/schema'
import { Field } from '@/design/Field'
import { useNow } from '@/design/now'
import { useSpeech } from '@/language'
import { faultAt } from '@/pooling/faults'
import { NumberBox } from '@/pooling/NumberBox'
import { emptySilo, newName, setSilo, withoutSilo } from '@/pooling/programmeEdits'
import { Wrong, type EditProps } from '@/pooling/ProgrammeWeights'
import { Typed } from '@/pooling/Typed'

/** Contracts in force: what each member pays, until when, and what leaving costs. */
export function ProgrammeSilos({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.entering
  const year = useNow().getFullYear()
  const silos = document.silos ?? []
  const [member] = document.members ?? []
  return (
    <section className="part">
      <h2>{words.contracts}</h2>
      <p className="quiet">{words.contractsHint}</p>
      {silos.map((one, place) => (
        <details className="line" key={place}>
          <summary>
            {one.name} <span className="quiet">{one.member}</span>
          </summary>
          <SiloFields
            silo={one}
            members={(document.members ?? []).map(({ name }) => name)}
            onChanged={(change) => onChanged(setSilo(document, place, change))}
          />
          <Wrong said={faultAt(faults, `silos[${place}]`)} />
          <button type="button" className="button" onClick={() => onChanged(withoutSilo(document, place))}>
            {words.removeContract}
          </button>
        </details>
      ))}
      <Wrong said={faultAt(faults, 'silos')} />
      <button
        type="button"
        className="button"
        disabled={member === undefined}
        onClick={() => {
          const name = newName(
            words.contract,
            silos.map((one) => one.name),
          )
          onChanged({
            ...document,
            silos: [...silos, emptySilo(name, member?.name ?? '', `${year + 1}-12-31`)],
          })
        }}
      >
        {words.addContract}
      </button>
    </section>
  )
}

type Props = { silo: Silo; members: string[]; onChanged: (change: Partial<Silo>) => void }

function SiloFields({ silo, members, onChanged }: Props) {
  const { messages } = useSpeech()
  const words = messages.entering
  const exits = silo.exits ?? []
  const setExit = (place: number, change: Partial<(typeof exits)[number]>) =>
    onChanged({ exits: exits.map((one, at) => (at === place ? { ...one, ...change } : one)) })
  return (
    <>
      <div className="fields">
        <Typed
          label={words.contractName}
          className="field grow"
          required
          value={silo.name}
          onTyped={(name) => onChanged({ name })}
        />
        <Typed
          label={messages.pooling.service}
          required
          value={silo.service}
          onTyped={(service) => onChanged({ service })}
        />
        <Field label={messages.pooling.member}>
          {(given) => (
            <select
              {...given}
              value={silo.member}
              onChange={({ target }) => onChanged({ member: target.value })}
            >
              {[...new Set([silo.member, ...members])].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          )}
        </Field>
        <NumberBox
          label={words.yearlyCost}
          required
          value={silo.yearly_cost}
          onNumber={(cost) => onChanged({ yearly_cost: cost ?? 0 })}
        />
        <Typed
          label={words.contractEnds}
          type="date"
          required
          value={silo.ends}
          onTyped={(ends) => onChanged({ ends })}
        />
        <NumberBox
          label={words.renewedFor}
          hint={words.renewedForHint}
          value={silo.renewed_for ?? 1}
          onNumber={(quarters) => onChanged({ renewed_for: quarters ?? 1 })}
        />
        <NumberBox
          label={words.renewedCost}
          value={silo.renewed_cost}
          onNumber={(cost) => onChanged({ renewed_cost: cost ?? null })}
        />
      </div>
      {exits.map((one, place) => (
        <div className="fields end" key={place}>
          <Typed
            label={words.exitFrom}
            type="date"
            required
            value={one.from}
            onTyped={(from) => setExit(place, { from })}
          />
          <NumberBox
            label={words.exitPenalty}
            required
            value={one.penalty}
            onNumber={(penalty) => setExit(place, { penalty: penalty ?? 0 })}
          />
          <button
            type="button"
            className="button"
            aria-label={words.removeStep(String(place + 1))}
            onClick={() => onChanged({ exits: exits.filter((_, at) => at !== place) })}
          >
            {words.remove}
          </button>
        </div>
      ))}
      <button
        type="button"
        className="button"
        onClick={() => onChanged({ exits: [...exits, { from: silo.ends, penalty: 0 }] })}
      >
        {words.addExit}
      </button>
    </>
  )
}
