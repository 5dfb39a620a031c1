import { useId, useState } from 'react'
import { Choice } from '@/design/Choice'
import { useSpeech } from '@/language'
import { faultAt, type Fault } from '@/pooling/faults'
import { useNames } from '@/pooling/names'

export type MemberDraft = { member: string; quantities: Record<string, string> }

type Props = { members: MemberDraft[]; faults: Fault[]; onChanged: (members: MemberDraft[]) => void }

/** Who belongs to a service, and what each is expected to use: a row a member, a column a quantity. */
export function ModelMembers({ members, faults, onChanged }: Props) {
  const { messages, language } = useSpeech()
  const words = messages.entering
  const names = useNames()
  const id = useId()
  const [unit, setUnit] = useState('')
  const [added, setAdded] = useState<string[]>([])
  const units = [...new Set([...members.flatMap((one) => Object.keys(one.quantities)), ...added])]
  const outside = names.collectivities
    .filter(({ key, kind }) => kind !== 'structure' && !members.some((one) => one.member === key))
    .map(({ key }) => ({ value: key, name: names.member(key) }))
    .toSorted((one, other) => one.name.localeCompare(other.name, language))
  const set = (place: number, name: string, value: string) =>
    onChanged(
      members.map((one, at) =>
        at === place ? { ...one, quantities: { ...one.quantities, [name]: value } } : one,
      ),
    )
  return (
    <fieldset className="line">
      <legend>{words.members}</legend>
      <p className="quiet">{words.membersHint}</p>
      {members.length > 0 && (
        <div className="scroll" tabIndex={0} role="region" aria-label={words.members}>
          <table className="entered">
            <thead>
              <tr>
                <th scope="col">{messages.pooling.member}</th>
                {units.map((one) => (
                  <th scope="col" key={one}>
                    {messages.pooling.units[one] ?? one}
                  </th>
                ))}
                <th scope="col">{words.remove}</th>
              </tr>
            </thead>
            <tbody>
              {members.map((one, place) => (
                <tr key={one.member}>
                  <th scope="row">
                    {names.member(one.member)}
                    {faultAt(faults, `members[${place}]`) !== undefined && (
                      <strong className="fault" role="alert">
                        {' '}
                        {faultAt(faults, `members[${place}]`)}
                      </strong>
                    )}
                  </th>
                  {units.map((name) => (
                    <td key={name}>
                      <input
                        aria-label={`${names.member(one.member)}, ${messages.pooling.units[name] ?? name}`}
                        inputMode="decimal"
                        pattern="[0-9\s]+([.,][0-9]+)?"
                        value={one.quantities[name] ?? ''}
                        onChange={({ target }) => set(place, name, target.value)}
                      />
                    </td>
                  ))}
                  <td>
                    <button
                      type="button"
                      className="plain"
                      aria-label={words.removeOf(names.member(one.member))}
                      onClick={() => onChanged(members.filter((_, at) => at !== place))}
                    >
                      {words.remove}
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <div className="fields end">
        <Choice
          label={words.addMember}
          any={messages.pooling.choose}
          options={outside}
          value=""
          onChosen={(member) => member !== '' && onChanged([...members, { member, quantities: {} }])}
        />
        <div className="field">
          <label htmlFor={id}>{words.newUnit}</label>
          <input
            id={id}
            list="units-of-keys"
            maxLength={60}
            value={unit}
            onChange={({ target }) => setUnit(target.value)}
          />
        </div>
        <button
          type="button"
          className="button"
          aria-disabled={unit.trim() === ''}
          onClick={() => {
            if (unit.trim() === '') return
            setAdded([...added, unit.trim()])
            setUnit('')
          }}
        >
          {words.addUnit}
        </button>
      </div>
      {faultAt(faults, 'members') !== undefined && (
        <p role="alert">
          <strong className="fault">{faultAt(faults, 'members')}</strong>
        </p>
      )}
    </fieldset>
  )
}
