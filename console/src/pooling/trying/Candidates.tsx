import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { candidatesQuery, SHOWN } from '@/api/experiments'
import { Answer } from '@/design/Answer'
import { Choice } from '@/design/Choice'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'
import { useNames } from '@/pooling/names'
import { candidatesOf, groupOf, placed, type Candidate, type Group } from '@/pooling/trying/draft'
import type { Props } from '@/pooling/trying/fields'

/** Who tries and beside whom, among what is measured. */
export function Candidates({ draft, set }: Props) {
  const { messages, formats, language } = useSpeech()
  const words = messages.experiments.form
  const names = useNames()
  const [owner, setOwner] = useState('')
  const { service, observed_property: property } = draft
  const found = useQuery(candidatesQuery({ service, property, owner }))
  const owners = names.collectivities
    .map((one) => ({ value: one.key, name: one.name }))
    .toSorted((one, other) => one.name.localeCompare(other.name, language))
  return (
    <section className="part">
      <h2>{words.units}</h2>
      <p>{words.unitsExplained}</p>
      <p className="large" role="status">
        {words.chosen(formats.integer(draft.cohort.length), formats.integer(draft.comparison.length))}
      </p>
      <div className="fields end">
        <Field label={words.by}>
          {(given) => (
            <select
              {...given}
              value={draft.by}
              onChange={({ target }) =>
                set({ by: target.value as typeof draft.by, cohort: [], comparison: [] })
              }
            >
              {(['asset', 'device', 'collectivity'] as const).map((one) => (
                <option key={one} value={one}>
                  {words.bys[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Choice
          label={messages.experiments.owner}
          any={words.everywhere}
          options={owners}
          value={owner}
          onChosen={setOwner}
        />
      </div>
      {service === '' || property === '' ? (
        <p className="quiet">{words.choose}</p>
      ) : (
        <Answer query={found} lines={6}>
          {({ items, next }) => (
            <>
              {next != null && <p className="quiet">{words.more(formats.integer(SHOWN))}</p>}
              <Choosing candidates={candidatesOf(items, draft.by)} draft={draft} set={set} />
            </>
          )}
        </Answer>
      )}
    </section>
  )
}

function Choosing({ candidates, draft, set }: Props & { candidates: Candidate[] }) {
  const { messages } = useSpeech()
  const words = messages.experiments
  const names = useNames()
  const [sought, setSought] = useState('')
  const called = (one: Candidate) => {
    const owner = names.member(one.owner)
    if (draft.by === 'collectivity') return owner
    return one.name.endsWith(owner) ? one.name : `${one.name}, ${owner}`
  }
  const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const shown = candidates.filter((one) => plain(called(one)).includes(plain(sought)))
  if (candidates.length === 0) return <p className="quiet">{words.form.nothing}</p>
  const groups: (Group | '')[] = ['', 'cohort', 'comparison']
  const said = (group: Group | '') => (group === '' ? words.form.neither : words[group])
  return (
    <>
      <div className="fields end">
        <Field label={words.form.filter} className="field grow">
          {(given) => (
            <input
              {...given}
              type="search"
              value={sought}
              onChange={({ target }) => setSought(target.value)}
            />
          )}
        </Field>
        <div className="fields end" role="group" aria-label={words.form.all}>
          <span>{words.form.all}</span>
          {groups.map((group) => (
            <button
              type="button"
              className="button"
              key={group}
              onClick={() =>
                set(
                  placed(
                    draft,
                    shown.map((one) => one.unit),
                    group,
                  ),
                )
              }
            >
              {said(group)}
            </button>
          ))}
        </div>
      </div>
      <div className="scroll candidates" tabIndex={0} role="region" aria-label={words.form.units}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.unit}</th>
              <th scope="col">{words.form.group}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.unit}>
                <th scope="row">{called(one)}</th>
                <td>
                  <select
                    aria-label={`${words.form.group} : ${called(one)}`}
                    value={groupOf(draft, one.unit)}
                    onChange={({ target }) => set(placed(draft, [one.unit], target.value as Group | ''))}
                  >
                    {groups.map((group) => (
                      <option key={group} value={group}>
                        {said(group)}
                      </option>
                    ))}
                  </select>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
