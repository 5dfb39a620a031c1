import { useQuery } from '@tanstack/react-query'
import { assetKindsQuery, type AssetFilters } from '@/api/devices'
import { collectivitiesQuery, servicesQuery } from '@/api/queries'
import { Choice } from '@/design/Choice'
import { useSpeech } from '@/language'
import { Search } from '@/things/Search'

type Props = { filters: AssetFilters; onShown: (filters: AssetFilters) => void }

/** What narrows the list of assets, said in words once it does. */
export function AssetFilterBar({ filters, onShown }: Props) {
  const { messages, language } = useSpeech()
  const { list: words, assets } = messages.things
  const collectivities = useQuery(collectivitiesQuery)
  const services = useQuery(servicesQuery)
  const kinds = useQuery(assetKindsQuery)
  const choices = [
    {
      name: 'owner' as const,
      any: words.any,
      options: (collectivities.data ?? []).map((one) => ({ value: one.key, name: one.name })),
    },
    {
      name: 'kind' as const,
      any: words.any,
      options: (kinds.data?.items ?? []).map((one) => ({ value: one.code, name: one[`name_${language}`] })),
    },
    {
      name: 'service' as const,
      any: words.anyState,
      options: (services.data?.items ?? []).map((one) => ({
        value: one.code,
        name: one[`name_${language}`],
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
  const narrow = (change: AssetFilters) =>
    onShown(Object.fromEntries(Object.entries({ ...filters, ...change }).filter(([, value]) => value)))
  return (
    <form
      className="filters"
      role="search"
      aria-label={assets.filters}
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="fields">
        <Search key={filters.q ?? ''} q={filters.q ?? ''} onAsked={(q) => narrow({ q })} />
        {choices.map(({ name, any, options }) => (
          <Choice
            key={name}
            label={words[name]}
            any={any}
            options={options.toSorted((one, other) => one.name.localeCompare(other.name, language))}
            value={filters[name] ?? ''}
            onChosen={(value) => narrow({ [name]: value })}
          />
        ))}
      </div>
      <p className="quiet" role="status">
        {words.showing} {said.length > 0 ? said.join(', ') : assets.everything}.{' '}
        {said.length > 0 && (
          <button type="button" className="plain" onClick={() => onShown({})}>
            {words.clear}
          </button>
        )}
      </p>
    </form>
  )
}
