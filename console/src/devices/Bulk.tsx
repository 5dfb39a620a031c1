import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { assetsNamed, changeMany, undoMany, type ManyAsked } from '@/api/devices'
import { collectivitiesQuery, modelsQuery, servicesQuery, sessionQuery } from '@/api/queries'
import type { BecameOf, Device } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useOwnerName } from '@/things/names'

type Props = { devices: Device[]; onDone: () => void }

const FIELDS = ['model', 'service', 'asset', 'owner'] as const
type Field = (typeof FIELDS)[number]
const PASTS = ['both', 'new', 'former'] as const
type Past = (typeof PASTS)[number]

/** One change or move for many devices: tried first if wanted, each told when it could not be made, undone in one press. */
export function Bulk({ devices, onDone }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.things.list
  const id = useId()
  const session = useQuery(sessionQuery)
  const [field, setField] = useState<Field>('model')
  const [value, setValue] = useState('')
  const [past, setPast] = useState<Past>('both')
  const asked: ManyAsked =
    field === 'owner'
      ? { move: { to: value, past } }
      : { change: { [field]: field === 'asset' ? Number(value) : value } }
  const ids = devices.map((one) => one.id)
  const renew = { queryKey: ['devices'] }
  const trying = useMutation({ mutationFn: () => changeMany(ids, asked, true) })
  const applying = useMutation({
    mutationFn: () => changeMany(ids, asked, false),
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
        <strong>{words.chosen(devices.length, formats.integer(devices.length))}</strong>{' '}
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
              setField(FIELDS.find((one) => one === event.target.value) ?? 'model')
              setValue('')
            }}
          >
            <option value="model">{words.setModel}</option>
            <option value="service">{words.setService}</option>
            <option value="asset">{words.setAsset}</option>
            {administers && <option value="owner">{words.setOwner}</option>}
          </select>
        </div>
        {field === 'asset' ? (
          <AssetChoice devices={devices} value={value} onChosen={setValue} />
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
            {words.apply(devices.length, formats.integer(devices.length))}
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
            {trying.data && <Outcome items={trying.data.items} tried />}
            {applying.data && (
              <Outcome
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
  items,
  tried = false,
  onUndo,
}: {
  items: BecameOf[]
  tried?: boolean
  onUndo?: () => void
}) {
  const { messages, formats } = useSpeech()
  const words = messages.things.list
  const of = (state: BecameOf['state']) => items.filter((one) => one.state === state).length
  const [done, proposed, unchanged] = [of('done'), of('proposed'), of('unchanged')]
  const told = [
    (done > 0 || proposed + unchanged === 0) &&
      (tried ? words.would : words.applied)(done, formats.integer(done)),
    proposed > 0 && (tried ? words.wouldPropose : words.proposed)(proposed, formats.integer(proposed)),
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

function WordChoice({ field, value, onChosen }: ChoiceProps & { field: Exclude<Field, 'asset'> }) {
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

/** An asset by its name, among those of the devices' owner when it is the same for all. */
function AssetChoice({ devices, value, onChosen }: ChoiceProps & { devices: Device[] }) {
  const words = useSpeech().messages.things.list
  const id = useId()
  const [typed, setTyped] = useState('')
  const owners = new Set(devices.map((one) => one.owner))
  const owner = owners.size === 1 ? [...owners][0] : undefined
  const found = useQuery({
    queryKey: ['assets', 'named', typed, owner],
    queryFn: ({ signal }) => assetsNamed(typed, owner, signal),
    enabled: typed.trim().length > 1,
  })
  return (
    <>
      <div className="field grow">
        <label htmlFor={`${id}-typed`}>{words.assetHint}</label>
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
        <label htmlFor={`${id}-asset`}>{words.setAsset}</label>
        <select id={`${id}-asset`} required value={value} onChange={(event) => onChosen(event.target.value)}>
          <option value="">{found.data?.length === 0 ? words.noAsset : words.nothingChosen}</option>
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
