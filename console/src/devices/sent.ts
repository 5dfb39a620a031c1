import { queryOptions } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import type { Device, Series } from '@/api/schema'
import { COLUMNS, observationAt, rowsOf, type Columns, type Observation } from '@/observations/columns'
import { MESSAGES } from '@/things/measured'

/** A message of a device: what the network told of it, and the values decoded from it. */
export type Sent = {
  time: Date
  told: Told
  raw: string
  values: { series: Series; observation: Observation }[]
}

export type Told = {
  port?: number
  frame_counter?: number
  gateways?: { id?: string; rssi?: number; snr?: number }[]
  spreading_factor?: number
}

const LAST = 20

export const sentQuery = (device: Device, series: Series[], sent: Series) =>
  queryOptions({
    queryKey: ['devices', 'messages', device.id],
    queryFn: async ({ signal }): Promise<Sent[]> => {
      const messages = rowsOf(await observed({ series: [sent.id], order: '-time', limit: LAST }, signal))
      const oldest = messages.at(-1)
      if (oldest === undefined) return []
      const measured = series.filter((one) => one.observed_property !== MESSAGES)
      const values =
        measured.length === 0
          ? null
          : await observed(
              { series: measured.map((one) => one.id), start: oldest.time.toISOString(), limit: 10_000 },
              signal,
            )
      return sentWith(messages, values, measured)
    },
  })

type Wanted = { series: number[]; start?: string; order?: '-time'; limit: number }

async function observed(query: Wanted, signal: AbortSignal): Promise<Columns> {
  const answered = client.GET('/api/v1/observations', {
    params: { query },
    headers: { Accept: COLUMNS },
    signal,
  })
  return (await bodyOf<unknown>(answered)) as Columns
}

/** Each message with the values of its moment. */
export function sentWith(messages: Observation[], values: Columns | null, series: Series[]): Sent[] {
  const byId = new Map(series.map((one) => [one.id, one]))
  const decoded = (values?.series ?? []).flatMap((id, row) => {
    const one = byId.get(id)
    return values && one ? [{ series: one, observation: observationAt(values, row) }] : []
  })
  const at = new Map<number, typeof decoded>()
  for (const one of decoded) {
    const time = one.observation.time.getTime()
    at.set(time, [...(at.get(time) ?? []), one])
  }
  return messages.map(({ time, text }) => ({
    time,
    ...readOf(text ?? ''),
    values: at.get(time.getTime()) ?? [],
  }))
}

/** What a network told may be anything: what is no JSON is shown as it is. */
function readOf(text: string): { told: Told; raw: string } {
  try {
    const told = JSON.parse(text) as unknown
    if (typeof told !== 'object' || told === null) return { told: {}, raw: text }
    return { told, raw: JSON.stringify(told, null, 2) }
  } catch {
    return { told: {}, raw: text }
  }
}
