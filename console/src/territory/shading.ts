import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { mapOverviewQuery, measuresQuery, observedPropertiesQuery } from '@/api/queries'
import { useSpeech } from '@/language'
import type { Held } from '@/territory/holdings'
import {
  devicesOf,
  meansOf,
  propertyOf,
  silentOf,
  unitOf,
  type Choice,
  type Values,
} from '@/territory/shadings'

export type Shading = {
  choice: Choice
  choose: (choice: Choice) => void
  label: string
  unit: string
  values: Values
  /** What else may be chosen, by its name. */
  properties: { choice: Choice; name: string }[]
}

const NOTHING: Values = new Map()
const COMPARED = new Set(['number', 'boolean'])

/** What the colour of the communes says, as the reader chose it. */
export function useShading(held: Held[]): Shading {
  const { messages, language } = useSpeech()
  const [choice, choose] = useState<Choice>('devices')
  const code = propertyOf(choice)
  const overview = useQuery(mapOverviewQuery)
  const measured = useQuery({ ...measuresQuery(code ?? ''), enabled: code !== null })
  const known = useQuery(observedPropertiesQuery).data?.items
  const property = known?.find((one) => one.code === code)

  const values = useMemo(() => {
    if (choice === 'devices') return devicesOf(held)
    if (choice === 'silent') return overview.data ? silentOf(overview.data) : NOTHING
    return measured.data && property ? meansOf(measured.data, property) : NOTHING
  }, [choice, held, overview.data, measured.data, property])
  const properties = useMemo(
    () =>
      (known ?? [])
        .filter((one) => COMPARED.has(one.value_kind) && overview.data?.observed.includes(one.code))
        .map((one) => ({ choice: `property:${one.code}` as const, name: one[`name_${language}`] }))
        .sort((one, other) => one.name.localeCompare(other.name, language)),
    [known, language, overview.data],
  )
  const named = property?.[`name_${language}`] ?? ''
  const label =
    choice === 'devices' ? messages.map.devices : choice === 'silent' ? messages.map.silentShare : named
  return { choice, choose, label, unit: unitOf(choice, property), values, properties }
}
