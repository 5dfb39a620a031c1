import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { collectivitiesQuery, modelsQuery, servicesQuery } from '@/api/queries'
import type { DeviceState } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { useMessages, useSpeech } from '@/language'
import type { Column } from '@/devices/filters'
import { State } from '@/things/State'
import { ThingTable } from '@/things/ThingTable'

type Props = {
  states: DeviceState[]
  columns: Column[]
  chosen: ReadonlySet<number>
  /** null for who may change nothing */
  onChosen: ((chosen: ReadonlySet<number>) => void) | null
}

const NUMBERS: readonly Column[] = ['battery', 'loss', 'rssi', 'period']

/** The devices, each with what is asked of it. */
export function DeviceTable({ states, columns, chosen, onChosen }: Props) {
  const words = useMessages().things.list
  const cellOf = useCells()
  return (
    <ThingTable
      subject="device"
      rows={states}
      thingOf={({ device }) => device}
      columns={columns.map((key) => ({
        key,
        title: words.columns[key],
        number: NUMBERS.includes(key),
        cell: (state: DeviceState) => cellOf(state, key),
      }))}
      {...{ chosen, onChosen }}
    />
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
