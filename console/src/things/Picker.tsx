import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useId, useState } from 'react'
import { FOUND, soughtQuery, type Sought } from '@/api/exploring'
import { collectivitiesQuery, observedPropertiesQuery, servicesQuery } from '@/api/queries'
import { APART } from '@/charts/plot'
import { Answer } from '@/design/Answer'
import { Choice } from '@/design/Choice'
import { useSpeech } from '@/language'

type Props = { chosen: number[]; onAdded: (id: number) => void }

/** Series found by commune, service, observed property and words of their name, to be added one by one. */
export function Picker({ chosen, onAdded }: Props) {
  const { messages, language, formats } = useSpeech()
  const words = messages.explore.picker
  const collectivities = useQuery(collectivitiesQuery)
  const services = useQuery(servicesQuery)
  const properties = useQuery(observedPropertiesQuery)
  const [sought, setSought] = useState<Sought>({})
  const asked = useDeferredValue(sought)
  const found = useQuery(soughtQuery(asked))
  const owners = new Map(collectivities.data?.map((one) => [one.key, one.name]))
  const full = chosen.length >= APART
  const search = useId()
  const narrow = (name: keyof Sought) => (value: string) => {
    setSought(
      Object.fromEntries(Object.entries({ ...sought, [name]: value }).filter(([, one]) => one !== '')),
    )
  }
  const named = (name: Record<'name_fr' | 'name_en', string> & { code: string }) => ({
    value: name.code,
    name: name[`name_${language}`],
  })
  const alphabetically = (one: { name: string }, other: { name: string }) =>
    one.name.localeCompare(other.name, language)
  const choices = [
    {
      name: 'owner' as const,
      label: words.owner,
      any: words.any,
      options: [...owners].map(([value, name]) => ({ value, name })).sort(alphabetically),
    },
    {
      name: 'service' as const,
      label: words.service,
      any: words.anyService,
      options: (services.data?.items ?? []).map(named).sort(alphabetically),
    },
    {
      name: 'observed_property' as const,
      label: words.property,
      any: words.any,
      options: (properties.data?.items ?? []).map(named).sort(alphabetically),
    },
  ]

  return (
    <section aria-labelledby="picker">
      <h2 id="picker">{words.title}</h2>
      <div className="picker" role="search">
        <div className="field">
          <label htmlFor={search}>{words.search}</label>
          <input
            id={search}
            type="search"
            autoComplete="off"
            maxLength={100}
            value={sought.q ?? ''}
            onChange={(event) => narrow('q')(event.target.value)}
          />
        </div>
        {choices.map(({ name, label, any, options }) => (
          <Choice
            key={name}
            label={label}
            any={any}
            options={options}
            value={sought[name] ?? ''}
            onChosen={narrow(name)}
          />
        ))}
      </div>
      {full && <p role="status">{words.full}</p>}
      <Answer query={found} lines={6}>
        {({ items, next }) => (
          <>
            <p className="quiet" role="status">
              {next
                ? words.foundMore(String(FOUND))
                : words.found(items.length, formats.integer(items.length))}
            </p>
            <ul className="found">
              {items.map((one) => (
                <li key={one.id}>
                  <button
                    type="button"
                    title={words.add(one.name)}
                    aria-disabled={full || chosen.includes(one.id)}
                    onClick={() => !full && !chosen.includes(one.id) && onAdded(one.id)}
                  >
                    <span aria-hidden="true">{chosen.includes(one.id) ? '✓' : '+'}</span>
                    <span>
                      {one.name}
                      {one.unit !== '' && <span className="quiet"> {one.unit}</span>}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </>
        )}
      </Answer>
    </section>
  )
}
