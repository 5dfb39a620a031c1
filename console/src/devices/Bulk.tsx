import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { ProblemError } from '@/api/client'
import { assetsNamed, changeDevice } from '@/api/devices'
import { modelsQuery, servicesQuery } from '@/api/queries'
import type { Device, DevicePatch } from '@/api/schema'
import { useSpeech } from '@/language'

type Props = { devices: Device[]; onDone: () => void }
type Change = { device: Device; before: DevicePatch }
type Outcome = { changed: Change[]; failed: { device: Device; why: string }[]; undone: boolean }

const FIELDS = ['model', 'service', 'asset'] as const

/** One change for many devices, each told when it could not be made; and undone in one press. */
export function Bulk({ devices, onDone }: Props) {
  const { messages, formats, language } = useSpeech()
  const words = messages.things.list
  const models = useQuery(modelsQuery)
  const services = useQuery(servicesQuery)
  const id = useId()
  const [field, setField] = useState<(typeof FIELDS)[number]>('model')
  const [value, setValue] = useState('')
  const applying = useMutation({
    mutationFn: async (): Promise<Outcome> => {
      const patch: DevicePatch = field === 'asset' ? { asset: Number(value) } : { [field]: value }
      return { ...(await eachChanged(devices, () => patch)), undone: false }
    },
    onSettled: (_, __, ___, ____, { client }) => client.invalidateQueries({ queryKey: ['devices'] }),
  })
  const undoing = useMutation({
    mutationFn: async (changes: Change[]): Promise<Outcome> => {
      const before = new Map(changes.map((one) => [one.device.id, one.before]))
      const done = await eachChanged(
        changes.map((one) => one.device),
        (device) => before.get(device.id) ?? {},
      )
      return { ...done, undone: true }
    },
    onSettled: (_, __, ___, ____, { client }) => client.invalidateQueries({ queryKey: ['devices'] }),
  })
  const outcome = undoing.data ?? applying.data
  const options =
    field === 'model'
      ? (models.data ?? []).map((one) => ({ value: one.code, name: `${one.maker} ${one.name}` }))
      : (services.data?.items ?? []).map((one) => ({ value: one.code, name: one[`name_${language}`] }))

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
          undoing.reset()
          applying.mutate()
        }}
      >
        <div className="field">
          <label htmlFor={`${id}-field`}>{words.set}</label>
          <select
            id={`${id}-field`}
            value={field}
            onChange={(event) => {
              setField(FIELDS.find((one) => one === event.target.value) ?? 'model')
              setValue('')
            }}
          >
            <option value="model">{words.setModel}</option>
            <option value="service">{words.setService}</option>
            <option value="asset">{words.setAsset}</option>
          </select>
        </div>
        {field === 'asset' ? (
          <AssetChoice devices={devices} value={value} onChosen={setValue} />
        ) : (
          <div className="field grow">
            <label htmlFor={`${id}-value`}>{field === 'model' ? words.setModel : words.setService}</label>
            <select
              id={`${id}-value`}
              required
              value={value}
              onChange={(event) => setValue(event.target.value)}
            >
              <option value="">{words.nothingChosen}</option>
              {options.map((one) => (
                <option key={one.value} value={one.value}>
                  {one.name}
                </option>
              ))}
            </select>
          </div>
        )}
        <div className="field end">
          <button type="submit" className="button main" disabled={value === '' || applying.isPending}>
            {words.apply(devices.length, formats.integer(devices.length))}
          </button>
        </div>
      </form>
      <div role="status">
        {outcome && (
          <p className="result">
            {outcome.undone
              ? words.undone
              : words.applied(outcome.changed.length, formats.integer(outcome.changed.length))}{' '}
            {!outcome.undone && outcome.changed.length > 0 && (
              <button type="button" className="plain" onClick={() => undoing.mutate(outcome.changed)}>
                {words.undo}
              </button>
            )}
          </p>
        )}
        {outcome && outcome.failed.length > 0 && (
          <>
            <p>{words.failed(outcome.failed.length, formats.integer(outcome.failed.length))}</p>
            <ul>
              {outcome.failed.map(({ device, why }) => (
                <li key={device.id}>{messages.colon(device.name, why)}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    </section>
  )
}

/** Changes each in turn; what could not be changed is told, and does not keep the others from it. */
async function eachChanged(devices: Device[], patchOf: (device: Device) => DevicePatch) {
  const changed: Change[] = []
  const failed: Outcome['failed'] = []
  for (const device of devices) {
    const { model = null, service, asset = null } = device
    try {
      const patch = patchOf(device)
      await changeDevice(device.id, patch)
      const known: DevicePatch = { model, service, asset }
      const names = FIELDS.filter((name) => name in patch)
      changed.push({ device, before: Object.fromEntries(names.map((name) => [name, known[name]])) })
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      const [fault] = error.problem.errors ?? []
      failed.push({ device, why: fault?.detail ?? error.problem.detail ?? error.problem.title })
    }
  }
  return { changed, failed }
}

type AssetChoiceProps = { devices: Device[]; value: string; onChosen: (id: string) => void }

/** An asset by its name, among those of the devices' owner when it is the same for all. */
function AssetChoice({ devices, value, onChosen }: AssetChoiceProps) {
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
