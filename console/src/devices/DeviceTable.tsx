import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { collectivitiesQuery, modelsQuery, servicesQuery } from '@/api/queries'
import type { DeviceState } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { useSpeech } from '@/language'
import type { Column } from '@/devices/filters'
import { State } from '@/things/State'

type Props = {
  states: DeviceState[]
  columns: Column[]
  chosen: ReadonlySet<number>
  /** null for who may change nothing */
  onChosen: ((chosen: ReadonlySet<number>) => void) | null
}

const NUMBERS: readonly Column[] = ['battery', 'loss', 'rssi', 'period']

/** One row a device, walked with the arrows, chosen with the space bar, opened with Enter. */
export function DeviceTable({ states, columns, chosen, onChosen }: Props) {
  const words = useSpeech().messages.things.list
  const navigate = useNavigate()
  const body = useRef<HTMLTableSectionElement>(null)
  const [place, setPlace] = useState(0)
  const cellOf = useCells()
  const current = Math.min(place, states.length - 1)

  const goTo = (wanted: number) => {
    const row = Math.max(0, Math.min(states.length - 1, wanted))
    setPlace(row)
    body.current?.querySelectorAll<HTMLElement>('tr')[row]?.focus()
  }
  const toggle = (id: number) => {
    const now = new Set(chosen)
    if (!now.delete(id)) now.add(id)
    onChosen?.(now)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // Only on the row itself: a link or a box in it has keys of its own.
    if (!(event.target instanceof HTMLTableRowElement)) return
    const state = states[current]
    const deeds: Record<string, () => void> = {
      ArrowDown: () => goTo(current + 1),
      ArrowUp: () => goTo(current - 1),
      Home: () => goTo(0),
      End: () => goTo(states.length - 1),
      ' ': () => state && toggle(state.device.id),
      Enter: () => state && void navigate({ to: '/devices/$id', params: { id: state.device.id } }),
    }
    const deed = deeds[event.key]
    if (deed === undefined) return
    event.preventDefault()
    deed()
  }
  const all = states.length > 0 && states.every(({ device }) => chosen.has(device.id))

  return (
    <>
      <p className="quiet hint">{words.keys}</p>
      <div className="scroll tall">
        <table className="device-table">
          <thead>
            <tr>
              {onChosen && (
                <th scope="col">
                  <input
                    type="checkbox"
                    aria-label={words.chooseAll}
                    checked={all}
                    onChange={() => onChosen(new Set(all ? [] : states.map(({ device }) => device.id)))}
                  />
                </th>
              )}
              <th scope="col">{words.columns.name}</th>
              {columns.map((one) => (
                <th key={one} scope="col" className={NUMBERS.includes(one) ? 'number' : undefined}>
                  {words.columns[one]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={onKeyDown}>
            {states.map((state, row) => (
              <tr
                key={state.device.id}
                tabIndex={row === current ? 0 : -1}
                aria-selected={onChosen ? chosen.has(state.device.id) : undefined}
                onFocus={() => setPlace(row)}
              >
                {onChosen && (
                  <td>
                    <input
                      type="checkbox"
                      tabIndex={row === current ? 0 : -1}
                      aria-label={words.choose(state.device.name)}
                      checked={chosen.has(state.device.id)}
                      onChange={() => toggle(state.device.id)}
                    />
                  </td>
                )}
                <th scope="row">
                  <Link
                    to="/devices/$id"
                    params={{ id: state.device.id }}
                    tabIndex={row === current ? 0 : -1}
                  >
                    {state.device.name}
                  </Link>
                </th>
                {columns.map((one) => (
                  <td key={one} className={NUMBERS.includes(one) ? 'number' : undefined}>
                    {cellOf(state, one)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

function useCells(): (state: DeviceState, column: Column) => ReactNode {
  const { messages, formats, language } = useSpeech()
  const collectivities = useQuery(collectivitiesQuery)
  const services = useQuery(servicesQuery)
  const models = useQuery(modelsQuery)
  const owners = new Map(collectivities.data?.map((one) => [one.key, one.name]))
  const serviceNames = new Map(services.data?.items.map((one) => [one.code, one[`name_${language}`]]))
  const modelNames = new Map(models.data?.map((one) => [one.code, one.name]))
  const quantity = (value: number | null | undefined, unit: string) =>
    value == null ? messages.none : formats.quantity(value, unit)
  return ({ device, state, latest, battery, low_battery: low, loss, rssi, period }, column) => {
    switch (column) {
      case 'code':
        return <span className="identifier">{device.code}</span>
      case 'state':
        return <State of={state} />
      case 'latest':
        return latest == null ? messages.none : <Ago when={new Date(latest)} />
      case 'owner':
        return owners.get(device.owner) ?? device.owner
      case 'service':
        return serviceNames.get(device.service) ?? device.service
      case 'model':
        return device.model == null ? messages.none : (modelNames.get(device.model) ?? device.model)
      case 'battery':
        return low === true ? <strong>{quantity(battery, '%')}</strong> : quantity(battery, '%')
      case 'loss':
        return loss == null ? messages.none : formats.share(loss)
      case 'rssi':
        return quantity(rssi, 'dBm')
      case 'period':
        return period == null ? messages.none : formats.duration(period)
    }
  }
}
