import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import type { Filters } from '@/api/devices'
import { collectivitiesQuery, modelsQuery, servicesQuery } from '@/api/queries'
import { Choice, type Option } from '@/design/Choice'
import { useSpeech } from '@/language'
import { COLUMNS, KINDS, STATES, type Column, type Listed } from '@/devices/filters'
import { Search } from '@/things/Search'

type Props = { filters: Filters; columns: Column[]; onShown: (listed: Listed) => void }

/** What narrows the list, said in words once it does; and which columns are shown. */
export function FilterBar({ filters, columns, onShown }: Props) {
  const { messages, language } = useSpeech()
  const words = messages.things.list
  const collectivities = useQuery(collectivitiesQuery)
  const services = useQuery(servicesQuery)
  const models = useQuery(modelsQuery)
  const narrow = (change: { [Name in keyof Filters]: Filters[Name] | undefined }) =>
    onShown({ ...present({ ...filters, ...change }), columns })
  const choices: {
    name: 'owner' | 'service' | 'model' | 'kind' | 'state'
    any: string
    options: Option[]
  }[] = [
    {
      name: 'owner',
      any: words.any,
      options: (collectivities.data ?? [])
        .map((one) => ({ value: one.key, name: one.name }))
        .sort((one, other) => one.name.localeCompare(other.name, language)),
    },
    {
      name: 'service',
      any: words.anyState,
      options: (services.data?.items ?? []).map((one) => ({
        value: one.code,
        name: one[`name_${language}`],
      })),
    },
    {
      name: 'model',
      any: words.anyState,
      options: (models.data ?? []).map((one) => ({ value: one.code, name: one.name })),
    },
    {
      name: 'kind',
      any: words.any,
      options: KINDS.map((one) => ({ value: one, name: messages.things.kinds[one] })),
    },
    {
      name: 'state',
      any: words.anyState,
      options: STATES.map((one) => ({
        value: one,
        name: one === 'low-battery' ? words.lowBattery : messages.things.states[one],
      })),
    },
  ]
  const said = [
    filters.q && `« ${filters.q} »`.replaceAll(' ', '\u00a0'),
    ...choices.map(({ name, options }) => {
      const option = options.find((one) => one.value === filters[name])
      return option && messages.colon(words[name], option.name)
    }),
  ].filter(Boolean)

  return (
    <form
      className="filters"
      role="search"
      aria-label={words.filters}
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="fields">
        <Search key={filters.q ?? ''} q={filters.q ?? ''} onAsked={(q) => narrow({ q })} />
        {choices.map(({ name, any, options }) => (
          <Choice
            key={name}
            label={words[name]}
            any={any}
            options={options}
            value={filters[name] ?? ''}
            onChosen={(value) => narrow({ [name]: value })}
          />
        ))}
        <ColumnChoice columns={columns} onChosen={(wanted) => onShown({ ...filters, columns: wanted })} />
      </div>
      <p className="quiet" role="status">
        {words.showing} {said.length > 0 ? said.join(', ') : words.everything}.{' '}
        {said.length > 0 && (
          <button type="button" className="plain" onClick={() => onShown({ columns })}>
            {words.clear}
          </button>
        )}
      </p>
    </form>
  )
}

/** Without what says nothing. */
function present(filters: { [Name in keyof Filters]: Filters[Name] | undefined }): Filters {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value))
}

function ColumnChoice({ columns, onChosen }: { columns: Column[]; onChosen: (columns: Column[]) => void }) {
  const words = useSpeech().messages.things.list
  const id = useId()
  return (
    <div className="field end">
      <button type="button" className="button" popoverTarget={id}>
        {words.columnsChoice}…
      </button>
      <fieldset id={id} popover="auto" className="popover column-choice">
        <legend>{words.columnsChoice}</legend>
        {COLUMNS.map((one) => (
          <label key={one} className="check">
            <input
              type="checkbox"
              checked={columns.includes(one)}
              onChange={({ target }) =>
                onChosen(
                  COLUMNS.filter((other) => (other === one ? target.checked : columns.includes(other))),
                )
              }
            />
            {words.columns[one]}
          </label>
        ))}
      </fieldset>
    </div>
  )
}
