import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { keysQuery, peopleQuery } from '@/api/access'
import { FIRST_DAY, isDay, midnightOf } from '@/charts/period'
import { Choice, type Option } from '@/design/Choice'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'
import { useAdministered } from '@/things/administered'
import { NOUNS, type Asked, type Noun } from '@/audit/asked'

type Props = {
  asked: Asked
  onAsked: (asked: Asked) => void
  shown: number | undefined
  more: boolean
}

/** What narrows the trail, then said in words. */
export function Filters({ asked, onAsked, shown, more }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.audit
  const id = useId()
  const owners = useAdministered().map(({ key, name }) => ({ value: key, name }))
  const actors = useActors()
  const nouns = NOUNS.map((one) => ({ value: one, name: words.nouns[one].many }))
  const change = (wanted: { [Name in keyof Asked]: Asked[Name] | undefined }) => {
    const kept = Object.entries({ ...asked, ...wanted }).filter(([, one]) => one !== undefined && one !== '')
    onAsked(Object.fromEntries(kept))
  }
  const dayOf = (day: Asked['from']) => day && formats.date(midnightOf(day, formats.zone))
  const [from, until] = [dayOf(asked.from), dayOf(asked.until)]
  const named = (options: Option[], value: string | undefined) =>
    options.find((one) => one.value === value)?.name ?? value
  const said = [
    asked.about && words.nouns[asked.about].many,
    asked.who && words.by(named(actors, asked.who) ?? ''),
    asked.of && words.in(named(owners, asked.of) ?? ''),
    from && until ? words.between(from, until) : from ? words.from(from) : until && words.until(until),
    asked.seen === true && words.withSeen,
  ].filter((one) => one !== undefined && one !== '' && one !== false)
  return (
    <form
      className="filters"
      role="search"
      aria-label={words.filters}
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="fields">
        <Choice
          label={words.about}
          any={words.anything}
          options={nouns}
          value={asked.about ?? ''}
          onChosen={(value) => change({ about: value === '' ? undefined : (value as Noun) })}
        />
        {actors.length > 0 && (
          <Choice
            label={words.who}
            any={words.anybody}
            options={actors}
            value={asked.who ?? ''}
            onChosen={(value) => change({ who: value })}
          />
        )}
        {owners.length > 1 && (
          <Choice
            label={words.owner}
            any={words.anywhere}
            options={owners}
            value={asked.of ?? ''}
            onChosen={(value) => change({ of: value })}
          />
        )}
        {(['from', 'until'] as const).map((end) => (
          <Field key={end} label={words[`${end}Label`]}>
            {(field) => (
              <input
                {...field}
                type="date"
                min={FIRST_DAY}
                defaultValue={asked[end]}
                onChange={({ target: { value } }) => {
                  if (value === '' || isDay(value)) change({ [end]: value === '' ? undefined : value })
                }}
              />
            )}
          </Field>
        ))}
        <label className="check" htmlFor={`${id}-seen`}>
          <input
            id={`${id}-seen`}
            type="checkbox"
            checked={asked.seen === true}
            onChange={({ target }) => change({ seen: target.checked ? true : undefined })}
          />
          {words.seen}
        </label>
      </div>
      <p className="quiet" role="status">
        {words.showing} {said.length === 0 ? words.everything : said.join(', ')}
        {shown !== undefined &&
          `${messages.semicolon}${words.lines(shown, formats.integer(shown), more)}`}.{' '}
        {said.length > 0 && (
          <button type="button" className="plain" onClick={() => onAsked({})}>
            {words.clear}
          </button>
        )}
      </p>
    </form>
  )
}

/** People and keys by name, as who did something. */
function useActors(): Option[] {
  const { audit: words } = useSpeech().messages
  const people = useQuery(peopleQuery())
  const keys = useQuery(keysQuery)
  return [
    ...(people.data ?? []).map((one) => ({ value: one.key, name: one.name })),
    ...(keys.data ?? []).map((one) => ({ value: one.key, name: words.keyNamed(one.name) })),
  ].sort((one, other) => one.name.localeCompare(other.name, 'fr'))
}
