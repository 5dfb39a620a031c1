import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { collectivitiesQuery, foundAddressesQuery, foundThingsQuery } from '@/api/queries'
import type { Address, Asset, Collectivity, Device, Series } from '@/api/schema'
import { matches } from '@/design/search'

export type Found = {
  collectivities: Collectivity[]
  assets: Asset[]
  devices: Device[]
  series: Series[]
  addresses: Address[]
  looking: boolean
  addressesLost: boolean
}

const AT_MOST = 6
const LEAST = 2
const LEAST_OF_ADDRESS = 4
/** milliseconds without typing before the server is asked */
const PAUSE = 180

/** What a text finds; `addresses`: of a geocoder too. */
export function useFound(typed: string, { addresses }: { addresses: boolean }): Found {
  const text = usePaused(typed.trim())
  const asked = text.length >= LEAST
  const places = useQuery(collectivitiesQuery)
  const collectivities = useMemo(
    () => (typed.trim() === '' ? [] : named(places.data ?? [], typed)),
    [places.data, typed],
  )
  const previous = { placeholderData: keepPreviousData, enabled: asked }
  const assets = useQuery({ ...foundThingsQuery('assets', text), ...previous })
  const devices = useQuery({ ...foundThingsQuery('devices', text), ...previous })
  const series = useQuery({ ...foundThingsQuery('series', text), ...previous })
  const found = useQuery({
    ...foundAddressesQuery(text),
    enabled: addresses && text.length >= LEAST_OF_ADDRESS,
    placeholderData: keepPreviousData,
  })
  return {
    collectivities,
    assets: asked ? (assets.data ?? []) : [],
    devices: asked ? (devices.data ?? []) : [],
    series: asked ? (series.data ?? []) : [],
    addresses: addresses && asked ? (found.data ?? []) : [],
    addressesLost: found.isError,
    looking: typed.trim() !== text || [assets, devices, series, found].some((one) => one.isFetching),
  }
}

/** Those of which every word typed begins a word of the name, or whose code it is; whole names first. */
export function named(all: Collectivity[], typed: string): Collectivity[] {
  const start = typed.trim().toLowerCase()
  const rank = (one: Collectivity) => Number(!one.name.toLowerCase().startsWith(start))
  return all
    .filter((one) => matches(one.name, typed) || one.code === typed.trim())
    .sort((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name, 'fr'))
    .slice(0, AT_MOST)
}

/** What was typed, once typing pauses. */
export function usePaused(text: string): string {
  const [paused, setPaused] = useState(text)
  useEffect(() => {
    const timer = window.setTimeout(() => setPaused(text), PAUSE)
    return () => window.clearTimeout(timer)
  }, [text])
  return paused
}
