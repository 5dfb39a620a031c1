import { useState } from 'react'
import type { Boundaries } from '@/api/schema'
import { Combobox, type Option } from '@/finding/Combobox'
import { useFound } from '@/finding/found'
import { useMessages } from '@/language'
import { boundsOf } from '@/territory/bounds'
import type { Chosen, Target } from '@/territory/GroundMap'

type Props = {
  boundaries: Boundaries | undefined
  addresses: boolean
  onFind: (target: Target, chosen: Chosen | null) => void
}

const CLOSE = 16

/** Goes to a commune, an asset, a device or an address on the map. */
export function Finder({ boundaries, addresses, onFind }: Props) {
  const { map: words, found: titles } = useMessages()
  const [text, setText] = useState('')
  const found = useFound(text, { addresses })

  const option = (
    id: string,
    name: string,
    target: Target | null,
    chosen: Chosen | null,
    detail?: string,
  ): Option[] =>
    target === null
      ? []
      : [
          {
            id,
            name,
            detail,
            pick: () => {
              setText(name)
              onFind(target, chosen)
            },
          },
        ]
  const at = (place: { longitude?: number | null; latitude?: number | null }): Target | null =>
    place.longitude == null || place.latitude == null
      ? null
      : { centre: [place.longitude, place.latitude], zoom: CLOSE }
  const groups = [
    {
      title: titles.collectivities,
      options: found.collectivities.flatMap((one) => {
        const outline = boundaries?.features.find((feature) => feature.properties.key === one.key)
        const bounds = outline ? boundsOf([outline]) : null
        const target = bounds ? { bounds } : at(one)
        return option(one.key, one.name, target, { kind: 'collectivity', key: one.key }, one.code)
      }),
    },
    {
      title: titles.assets,
      options: found.assets.flatMap((one) =>
        option(`asset-${one.id}`, one.name, at(one), { kind: 'asset', id: one.id }, one.code),
      ),
    },
    {
      title: titles.devices,
      options: found.devices.flatMap((one) =>
        option(
          `device-${one.id}`,
          one.name,
          at(one),
          one.asset == null ? null : { kind: 'asset', id: one.asset },
          one.code,
        ),
      ),
    },
    {
      title: titles.addresses,
      options: found.addresses.flatMap((one, rank) =>
        option(`address-${rank}`, one.name, at(one), null, one.context),
      ),
    },
  ]
  const some = groups.some((group) => group.options.length > 0)
  const said = [
    !some && (found.looking ? words.looking : words.nothingFound),
    !addresses && words.noAddresses,
    addresses && found.addressesLost && words.addressesLost,
  ].filter((one) => one !== false)
  return (
    <div className="field grow">
      <Combobox
        label={words.find}
        text={text}
        onText={setText}
        groups={groups}
        placeholder={addresses ? words.findHint : words.findHintOffline}
        note={said.length > 0 ? said.join(' ') : undefined}
      />
    </div>
  )
}
