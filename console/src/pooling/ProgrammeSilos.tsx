import type { Silo } from '@/api/schema'
import { useNow } from '@/design/now'
import { useSpeech } from '@/language'
import { faultsIn, toldElsewhere, toldOf, type Fault } from '@/pooling/faults'
import { NumberBox } from '@/pooling/NumberBox'
import { changedAt, emptySilo, newName, removedAt, setSilo, withoutSilo } from '@/pooling/programmeEdits'
import { Among, Named, Note, Remove, Wrong, type EditProps } from '@/pooling/ProgrammeFields'
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
            {toldOf(faults, `silos[${place}]`) !== undefined && (
              <strong className="fault"> {words.wrongHere}</strong>
            )}
          </summary>
          <SiloFields
            silo={one}
            taken={silos.map(({ name }) => name)}
            members={(document.members ?? []).map(({ name }) => name)}
            faults={faultsIn(faults, `silos[${place}]`)}
            onChanged={(change) => onChanged(setSilo(document, place, change))}
          />
          <button type="button" className="button" onClick={() => onChanged(withoutSilo(document, place))}>
            {words.removeContract}
          </button>
        </details>
      ))}
      <Wrong said={faults.find(({ field }) => field === 'silos')?.detail} />
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

type Props = {
  silo: Silo
  taken: string[]
  members: string[]
  /** As told from the contract. */
  faults: Fault[]
  onChanged: (change: Partial<Silo>) => void
}

const SHOWN = ['name', 'service', 'member', 'yearly_cost', 'ends', 'renewed_for', 'renewed_cost', 'exits']

function SiloFields({ silo, taken, members, faults, onChanged }: Props) {
  const { messages } = useSpeech()
  const words = messages.entering
  return (
    <>
      <div className="fields">
        <Named
          label={words.contractName}
          name={silo.name}
          taken={taken}
          fault={toldOf(faults, 'name')}
          onNamed={(name) => onChanged({ name })}
        />
        <Typed
          label={messages.pooling.service}
          required
          value={silo.service}
          fault={toldOf(faults, 'service')}
          onTyped={(service) => onChanged({ service })}
        />
        <Among
          label={messages.pooling.member}
          names={members}
          value={silo.member}
          fault={toldOf(faults, 'member')}
          onChosen={(member) => onChanged({ member })}
        />
        <NumberBox
          label={words.yearlyCost}
          required
          value={silo.yearly_cost}
          fault={toldOf(faults, 'yearly_cost')}
          onNumber={(cost) => onChanged({ yearly_cost: cost ?? 0 })}
        />
        <Typed
          label={words.contractEnds}
          type="date"
          required
          value={silo.ends}
          fault={toldOf(faults, 'ends')}
          onTyped={(ends) => onChanged({ ends })}
        />
        <NumberBox
          label={words.renewedFor}
          hint={words.renewedForHint}
          whole
          value={silo.renewed_for ?? 1}
          fault={toldOf(faults, 'renewed_for')}
          onNumber={(quarters) => onChanged({ renewed_for: quarters ?? 1 })}
        />
        <NumberBox
          label={words.renewedCost}
          value={silo.renewed_cost}
          fault={toldOf(faults, 'renewed_cost')}
          onNumber={(cost) => onChanged({ renewed_cost: cost ?? null })}
        />
      </div>
      <Exits silo={silo} faults={faultsIn(faults, 'exits')} onChanged={onChanged} />
      <Wrong said={toldElsewhere(faults, SHOWN)} />
      <Note note={silo.note} onChanged={(note) => onChanged({ note })} />
    </>
  )
}

function Exits({ silo, faults, onChanged }: Pick<Props, 'silo' | 'faults' | 'onChanged'>) {
  const words = useSpeech().messages.entering
  const exits = silo.exits ?? []
  const setExit = (place: number, change: Partial<(typeof exits)[number]>) =>
    onChanged({ exits: changedAt(exits, place, change) })
  return (
    <>
      {exits.map((one, place) => {
        const here = faultsIn(faults, `[${place}]`)
        return (
          <div className="rows" key={place}>
            <div className="fields end">
              <Typed
                label={words.exitFrom}
                type="date"
                required
                value={one.from}
                fault={toldOf(here, 'from')}
                onTyped={(from) => setExit(place, { from })}
              />
              <NumberBox
                label={words.exitPenalty}
                required
                value={one.penalty}
                fault={toldOf(here, 'penalty')}
                onNumber={(penalty) => setExit(place, { penalty: penalty ?? 0 })}
              />
              <Remove
                said={words.removeStep(String(place + 1))}
                onRemoved={() => onChanged({ exits: removedAt(exits, place) })}
              />
            </div>
            <Note note={one.note} onChanged={(note) => setExit(place, { note })} />
          </div>
        )
      })}
      <Wrong
        said={toldElsewhere(
          faults,
          exits.map((_, place) => `[${place}]`),
        )}
      />
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
