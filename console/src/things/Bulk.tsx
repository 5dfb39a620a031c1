import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { assetsNamed, changeMany, sitesNamed, undoMany, type ManyAsked } from '@/api/devices'
import { collectivitiesQuery, modelsQuery, servicesQuery, sessionQuery } from '@/api/queries'
import type { BecameOf } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useOwnerName } from '@/things/names'
import type { Subject, Thing } from '@/things/ThingTable'

type Props = { subject: Subject; things: Thing[]; onDone: () => void }

const FIELDS = {
  device: ['model', 'service', 'asset', 'owner'],
  asset: ['service', 'site', 'owner'],
} as const
type Field = (typeof FIELDS)[Subject][number]
const NAMED = { asset: assetsNamed, site: sitesNamed }
type Named = keyof typeof NAMED
const isNamed = (field: Field): field is Named => field in NAMED
const PASTS = ['both', 'new', 'former'] as const
type Past = (typeof PASTS)[number]

/** One change or move for many devices or assets: tried first if wanted, each told when it could not be made, undone in one press. */
export function Bulk({ subject, things, onDone }: Props) {
  const { messages, formats } = useSpeech()
  const { list: words, assets, many } = messages.things
  const fields: readonly Field[] = FIELDS[subject]
  const names = {
    model: words.setModel,
    service: words.setService,
    asset: words.setAsset,
    site: assets.setSite,
    owner: words.setOwner,
  }
  const id = useId()
  const session = useQuery(sessionQuery)
  const [field, setField] = useState<Field>(fields[0] ?? 'service')
  const [value, setValue] = useState('')
  const [past, setPast] = useState<Past>('both')
  const asked: ManyAsked =
    field === 'owner'
      ? { move: { to: value, past } }
      : { change: { [field]: isNamed(field) ? Number(value) : value } }
  const ids = things.map((one) => one.id)
  const renew = { queryKey: [subject === 'device' ? 'devices' : 'assets'] }
  const trying = useMutation({ mutationFn: () => changeMany(subject, ids, asked, true) })
  const applying = useMutation({
    mutationFn: () => changeMany(subject, ids, asked, false),
    onSettled: (_, __, ___, ____, { client }) => client.invalidateQueries(renew),
  })
  const undoing = useMutation({
    mutationFn: undoMany,
    onSettled: (_, __, ___, ____, { client }) => client.invalidateQueries(renew),
  })
  const forget = () => [trying, applying, undoing].forEach((one) => one.reset())
  const failed = [undoing, applying, trying].find((one) => one.isError)
  const administers = Object.values(session.data?.rights ?? {}).includes('administer')

  return (
    <section className="bulk" aria-label={words.set}>
      <p>
        <strong>{many[subject].chosen(things.length, formats.integer(things.length))}</strong>{' '}
        <button type="button" className="plain" onClick={onDone}>
          {words.unchoose}
        </button>
      </p>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault()
          forget()
          applying.mutate()
        }}
      >
        <div className="field">
          <label htmlFor={`${id}-field`}>{words.set}</label>
          <select
            id={`${id}-field`}
            value={field}
            onChange={(event) => {
              forget()
              setField(fields.find((one) => one === event.target.value) ?? field)
              setValue('')
            }}
          >
            {fields
              .filter((one) => one !== 'owner' || administers)
              .map((one) => (
                <option key={one} value={one}>
                  {names[one]}
                </option>
              ))}
          </select>
        </div>
        {isNamed(field) ? (
          <NamedChoice key={field} {...{ field, things, value }} onChosen={setValue} />
        ) : (
          <WordChoice field={field} value={value} onChosen={setValue} />
        )}
        {field === 'owner' && (
          <div className="field">
            <label htmlFor={`${id}-past`}>{words.past}</label>
            <select
              id={`${id}-past`}
              value={past}
              onChange={({ target }) => setPast(PASTS.find((one) => one === target.value) ?? 'both')}
            >
              {PASTS.map((one) => (
                <option key={one} value={one}>
                  {words.pasts[one]}
                </option>
              ))}
            </select>
          </div>
        )}
        <div className="field end ways">
          <button
            type="button"
            className="button"
            disabled={value === '' || trying.isPending || applying.isPending}
            onClick={() => {
              forget()
              trying.mutate()
            }}
          >
            {words.tryFirst}
          </button>
          <button type="submit" className="button main" disabled={value === '' || applying.isPending}>
            {many[subject].apply(things.length, formats.integer(things.length))}
          </button>
        </div>
      </form>
      {failed && <Trouble error={failed.error} />}
      <div role="status">
        {undoing.data ? (
          <>
            {undoing.data.some((one) => one.state !== 'refused') && <p className="result">{words.undone}</p>}
            <Refused items={undoing.data} />
          </>
        ) : (
          <>
            {trying.data && <Outcome {...{ subject }} items={trying.data.items} tried />}
            {applying.data && (
              <Outcome
                {...{ subject }}
                items={applying.data.items}
                {...(applying.data.keys.length > 0 && { onUndo: () => undoing.mutate(applying.data.keys) })}
              />
            )}
          </>
        )}
      </div>
    </section>
  )
}

/** What became of each, or would. */
function Outcome({
  subject,
  items,
  tried = false,
  onUndo,
}: {
  subject: Subject
  items: BecameOf[]
  tried?: boolean
  onUndo?: () => void
}) {
  const { messages, formats } = useSpeech()
  const { list: words, many } = messages.things
  const named = many[subject]
  const of = (state: BecameOf['state']) => items.filter((one) => one.state === state).length
  const [done, proposed, unchanged] = [of('done'), of('proposed'), of('unchanged')]
  const told = [
    (done > 0 || proposed + unchanged === 0) &&
      (tried ? named.would : named.applied)(done, formats.integer(done)),
    proposed > 0 && (tried ? words.wouldPropose : named.proposed)(proposed, formats.integer(proposed)),
    unchanged > 0 && words.unchanged(unchanged, formats.integer(unchanged)),
  ].filter((one) => one !== false)
  return (
    <>
      <p className="result">
        {told.join(' ')}{' '}
        {onUndo && (
          <button type="button" className="plain" onClick={onUndo}>
            {words.undo}
          </button>
        )}
      </p>
      <Refused items={items} />
    </>
  )
}

function Refused({ items }: { items: BecameOf[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.list
  const refused = items.filter((one) => one.state === 'refused')
  if (refused.length === 0) return null
  return (
    <>
      <p>{words.failed(refused.length, formats.integer(refused.length))}</p>
      <ul>
        {refused.map((one) => (
          <li key={one.id}>
            {messages.colon(one.name === '' ? String(one.id) : (one.name ?? ''), one.why ?? '')}
          </li>
        ))}
      </ul>
    </>
  )
}

type ChoiceProps = { value: string; onChosen: (value: string) => void }

function WordChoice({ field, value, onChosen }: ChoiceProps & { field: Exclude<Field, Named> }) {
  const { messages, language } = useSpeech()
  const words = messages.things.list
  const id = useId()
  const models = useQuery(modelsQuery)
  const services = useQuery(servicesQuery)
  const collectivities = useQuery({ ...collectivitiesQuery, enabled: field === 'owner' })
  const ownerName = useOwnerName()
  const named = { model: words.setModel, service: words.setService, owner: words.toOwner }
  const options = {
    model: (models.data ?? []).map((one) => ({ value: one.code, name: `${one.maker} ${one.name}` })),
    service: (services.data?.items ?? []).map((one) => ({ value: one.code, name: one[`name_${language}`] })),
    owner: (collectivities.data ?? []).map((one) => ({ value: one.key, name: ownerName(one.key) })),
  }[field]
  return (
    <div className="field grow">
      <label htmlFor={id}>{named[field]}</label>
      <select id={id} required value={value} onChange={(event) => onChosen(event.target.value)}>
        <option value="">{words.nothingChosen}</option>
        {options
          .toSorted((one, other) => one.name.localeCompare(other.name, language))
          .map((one) => (
            <option key={one.value} value={one.value}>
              {one.name}
            </option>
          ))}
      </select>
    </div>
  )
}

/** An asset or a site by its name, among those of the things' owner when it is the same for all. */
function NamedChoice({ field, things, value, onChosen }: ChoiceProps & { field: Named; things: Thing[] }) {
  const { list: words, assets } = useSpeech().messages.things
  const id = useId()
  const [typed, setTyped] = useState('')
  const owners = new Set(things.map((one) => one.owner))
  const owner = owners.size === 1 ? [...owners][0] : undefined
  const named = {
    asset: { hint: words.assetHint, set: words.setAsset, none: words.noAsset },
    site: { hint: assets.siteHint, set: assets.setSite, none: assets.noSite },
  }[field]
  const found = useQuery({
    queryKey: [field, 'named', typed, owner],
    queryFn: ({ signal }) => NAMED[field](typed, owner, signal),
    enabled: typed.trim().length > 1,
  })
  return (
    <>
      <div className="field grow">
        <label htmlFor={`${id}-typed`}>{named.hint}</label>
        <input
          id={`${id}-typed`}
          type="search"
          autoComplete="off"
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value)
            onChosen('')
          }}
        />
      </div>
      <div className="field grow">
        <label htmlFor={`${id}-named`}>{named.set}</label>
        <select id={`${id}-named`} required value={value} onChange={(event) => onChosen(event.target.value)}>
          <option value="">{found.data?.length === 0 ? named.none : words.nothingChosen}</option>
          {found.data?.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} ({one.code})
            </option>
          ))}
        </select>
      </div>
    </>
  )
}
