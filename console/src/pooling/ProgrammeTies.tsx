import type { Programme } from '@/api/schema'
import { useSpeech } from '@/language'
import { faultsIn, toldElsewhere, toldOf } from '@/pooling/faults'
import { NumberBox } from '@/pooling/NumberBox'
import { changedAt, newName, removedAt } from '@/pooling/programmeEdits'
import { Named, Note, Numbers, Remove, Several, Wrong, type EditProps } from '@/pooling/ProgrammeFields'

/** What actions share: a cost that is spent once for several, a gain that is there once all are in service. */
export function ProgrammeTies(props: EditProps) {
  const words = useSpeech().messages.planning
  return (
    <section className="part">
      <h2>{words.ties}</h2>
      <SetUps {...props} />
      <Synergies {...props} />
    </section>
  )
}

function SetUps({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.planning
  const setups = document.setups ?? []
  const taken = setups.map(({ name }) => name)
  const actions = document.actions.map(({ name }) => name)
  const told = faultsIn(faults, 'setups')
  const set = (place: number, change: Partial<(typeof setups)[number]>) =>
    onChanged({ ...document, setups: changedAt(setups, place, change) })
  return (
    <>
      <h3>{words.setups}</h3>
      <p className="quiet">{words.setupsHint}</p>
      {setups.map((one, place) => {
        const here = faultsIn(told, `[${place}]`)
        return (
          <fieldset className="line" key={place}>
            <legend>{one.name}</legend>
            <div className="fields end">
              <Named
                label={words.setup}
                name={one.name}
                taken={taken}
                fault={toldOf(here, 'name')}
                onNamed={(name) => set(place, { name })}
              />
              <NumberBox
                label={words.setupCost}
                required
                value={one.cost}
                fault={toldOf(here, 'cost')}
                onNumber={(cost) => set(place, { cost: cost ?? 0 })}
              />
              <Remove
                said={messages.entering.removeOf(one.name)}
                onRemoved={() => onChanged({ ...document, setups: removedAt(setups, place) })}
              />
            </div>
            <Several
              legend={words.setupActions}
              names={actions}
              chosen={one.actions}
              fault={toldOf(here, 'actions')}
              onChosen={(chosen) => set(place, { actions: chosen })}
            />
            <Note note={one.note} onChanged={(note) => set(place, { note })} />
          </fieldset>
        )
      })}
      <Wrong
        said={toldElsewhere(
          told,
          setups.map((_, place) => `[${place}]`),
        )}
      />
      <button
        type="button"
        className="button"
        disabled={actions.length === 0}
        onClick={() => {
          const made = { name: newName(words.setup, taken), cost: 0, actions: actions.slice(0, 1) }
          onChanged({ ...document, setups: [...setups, made] })
        }}
      >
        {words.addSetup}
      </button>
    </>
  )
}

type Synergy = NonNullable<Programme['synergies']>[number]

function Synergies({ document, faults, onChanged }: EditProps) {
  const { messages } = useSpeech()
  const words = messages.planning
  const synergies = document.synergies ?? []
  const actions = document.actions.map(({ name }) => name)
  const told = faultsIn(faults, 'synergies')
  const set = (place: number, change: Partial<Synergy>) =>
    onChanged({ ...document, synergies: changedAt(synergies, place, change) })
  return (
    <>
      <h3>{words.synergies}</h3>
      <p className="quiet">{words.synergiesHint}</p>
      {synergies.map((one, place) => {
        const here = faultsIn(told, `[${place}]`)
        const name = words.synergy(String(place + 1))
        return (
          <fieldset className="line" key={place}>
            <legend>{name}</legend>
            <div className="fields end">
              <NumberBox
                label={words.gain}
                required
                value={one.gain}
                fault={toldOf(here, 'gain')}
                onNumber={(gain) => set(place, { gain: gain ?? 0 })}
              />
              <Remove
                said={messages.entering.removeOf(name)}
                onRemoved={() => onChanged({ ...document, synergies: removedAt(synergies, place) })}
              />
            </div>
            <Several
              legend={words.synergyActions}
              names={actions}
              chosen={one.actions}
              fault={toldOf(here, 'actions')}
              onChosen={(chosen) => set(place, { actions: chosen })}
            />
            <Numbers
              legend={words.gainShares}
              hint={words.sharesHint}
              names={(document.members ?? []).map((member) => member.name)}
              values={one.shares}
              fault={toldOf(here, 'shares')}
              onChanged={(shares) => set(place, { shares })}
            />
            <Note note={one.note} onChanged={(note) => set(place, { note })} />
          </fieldset>
        )
      })}
      <Wrong
        said={toldElsewhere(
          told,
          synergies.map((_, place) => `[${place}]`),
        )}
      />
      <button
        type="button"
        className="button"
        disabled={actions.length < 2}
        onClick={() =>
          onChanged({ ...document, synergies: [...synergies, { actions: actions.slice(0, 2), gain: 0 }] })
        }
      >
        {words.addSynergy}
      </button>
    </>
  )
}
