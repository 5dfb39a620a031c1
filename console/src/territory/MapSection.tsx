import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useId, useMemo, useState } from 'react'
import { assetQuery } from '@/api/devices'
import { backgroundQuery, boundariesQuery, mapOverviewQuery, servicesQuery } from '@/api/queries'
import type { Background, Boundaries } from '@/api/schema'
import { Loading } from '@/design/Loading'
import { useTheme } from '@/design/theme'
import { useFormats, useMessages, useSpeech } from '@/language'
import { boundsOf, middleOf } from '@/territory/bounds'
import { ChosenPanel } from '@/territory/ChosenPanel'
import { Finder } from '@/territory/Finder'
import type { Chosen, Name, Target, View } from '@/territory/GroundMap'
import type { Held } from '@/territory/holdings'
import { Legend } from '@/territory/Legend'
import { colourOf, scaleOf } from '@/territory/scale'
import type { Shading } from '@/territory/shading'
import type { Choice } from '@/territory/shadings'

const route = getRouteApi('/inside/')
const GroundMap = lazy(async () => ({ default: (await import('@/territory/GroundMap')).GroundMap }))

type Props = { held: Held[]; shading: Shading; pointed: string | null }

/** The map with what chooses, explains and finds on it. */
export function MapSection({ held, shading, pointed }: Props) {
  const messages = useMessages()
  const background = useQuery(backgroundQuery)
  const boundaries = useQuery(boundariesQuery)
  const { asset } = route.useSearch()
  const asked = useMemo<Chosen | null>(
    () => (asset === undefined ? null : { kind: 'asset', id: asset }),
    [asset],
  )
  const where = useTargetOf(asset)
  const [picked, setPicked] = useState<{ chosen: Chosen | null; over: Chosen | null } | null>(null)
  const [found, setTarget] = useState<Target | null>(null)
  const places = usePlaces()
  // What the address asks holds until something else is picked.
  const chosen = picked?.over === asked ? picked.chosen : asked
  const target = found ?? where
  const setChosen = (next: Chosen | null) => setPicked({ chosen: next, over: asked })

  const find = (next: Target, what: Chosen | null) => {
    setTarget(next)
    setChosen(what)
  }

  return (
    <section className="map" aria-labelledby="map">
      <h2 id="map">{messages.map.title}</h2>
      <div className="fields">
        <ShadingChoice shading={shading} />
        <Finder boundaries={boundaries.data} addresses={background.data?.addresses ?? false} onFind={find} />
      </div>
      <Services {...places} />
      <div className="picture">
        {background.data && boundaries.data ? (
          <Ground
            background={background.data}
            boundaries={boundaries.data}
            {...{ held, shading, pointed, chosen, target }}
            url={places.url}
            shown={places.within}
            onChoose={setChosen}
            onMove={places.onMove}
          />
        ) : (
          <Loading lines={8} />
        )}
        {chosen && <ChosenPanel {...{ chosen, held, shading }} onClose={() => setChosen(null)} />}
      </div>
      <Legend shading={shading} services={places.shown} />
      {boundaries.data && <Sources background={background.data} boundaries={boundaries.data} />}
    </section>
  )
}

/** Where an asset is, once it is known. */
function useTargetOf(asset: number | undefined): Target | null {
  const known = useQuery({ ...assetQuery(asset ?? 0), enabled: asset !== undefined }).data
  return useMemo(
    () =>
      known?.longitude == null || known.latitude == null
        ? null
        : { centre: [known.longitude, known.latitude], zoom: 16 },
    [known],
  )
}

type GroundProps = Props & {
  background: Background
  boundaries: Boundaries
  chosen: Chosen | null
  target: Target | null
  url: string | null
  shown: string[] | null
  onChoose: (chosen: Chosen | null) => void
  onMove: (view: View) => void
}

function Ground({ held, shading, boundaries, url, ...others }: GroundProps) {
  const messages = useMessages()
  const formats = useFormats()
  const theme = useTheme()
  const services = useQuery(servicesQuery)
  const [unable, setUnable] = useState(false)
  const colours = useMemo(() => {
    const scale = scaleOf([...shading.values.values()], theme)
    return new Map([...shading.values].map(([key, value]) => [key, colourOf(scale, value)]))
  }, [shading.values, theme])
  const names = useMemo(() => namesOf(held, boundaries), [held, boundaries])

  if (unable) return <p className="empty">{messages.map.unable}</p>
  if (services.data === undefined) return <Loading lines={8} />
  return (
    <Suspense
      fallback={
        <div className="ground">
          <p className="quiet">{messages.map.loading}</p>
        </div>
      }
    >
      <GroundMap
        {...others}
        {...{ boundaries, names, colours }}
        places={url}
        services={services.data.items.map((one) => one.code)}
        label={messages.map.label(boundaries.features.length, formats.integer(boundaries.features.length))}
        onUnable={() => setUnable(true)}
      />
    </Suspense>
  )
}

/** Names at the centres, those with more devices first where there is not room for all. */
function namesOf(held: Held[], boundaries: Boundaries): Name[] {
  const middles = new Map(
    boundaries.features.map((one) => [one.properties.key, middleOf(boundsOf([one]) ?? [0, 0, 0, 0])]),
  )
  return held.flatMap(({ key, kind, name, devices, longitude, latitude }) => {
    const middle = middles.get(key)
    if (kind !== 'commune' || middle === undefined) return []
    return [
      { key, name, weight: devices, longitude: longitude ?? middle[0], latitude: latitude ?? middle[1] },
    ]
  })
}

function ShadingChoice({ shading }: { shading: Shading }) {
  const { map: words } = useMessages()
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{words.colour}</label>
      <select
        id={id}
        value={shading.choice}
        onChange={(event) => shading.choose(event.target.value as Choice)}
      >
        <option value="devices">{words.devices}</option>
        <option value="silent">{words.silentShare}</option>
        <optgroup label={words.measures}>
          {shading.properties.map(({ choice, name }) => (
            <option key={choice} value={choice}>
              {name}
            </option>
          ))}
        </optgroup>
      </select>
    </div>
  )
}

type Places = {
  offered: { code: string; name: string; count: number }[]
  shown: string[]
  show: (codes: string[]) => void
  tooMany: number | null
  /** Where their places are; of which services those that are shown, all for null. */
  url: string | null
  within: string[] | null
  onMove: (view: View) => void
}

/** From which zoom only what is in view is asked, when all is too much. */
const NEAR = 11

/** Which assets are on the map, and where their places come from. */
function usePlaces(): Places {
  const { language } = useSpeech()
  const overview = useQuery(mapOverviewQuery)
  const services = useQuery(servicesQuery)
  const [hidden, setHidden] = useState<string[]>([])
  const [view, setView] = useState<View | null>(null)
  const offered = useMemo(
    () =>
      (overview.data?.services ?? []).map(({ service, assets }) => {
        const known = services.data?.items.find((one) => one.code === service)
        return { code: service, name: known?.[`name_${language}`] ?? service, count: assets }
      }),
    [overview.data, services.data, language],
  )
  const shown = useMemo(() => offered.filter(({ code }) => !hidden.includes(code)), [offered, hidden])
  const codes = useMemo(() => shown.map(({ code }) => code), [shown])
  const count = shown.reduce((sum, one) => sum + one.count, 0)
  const many = overview.data !== undefined && count > overview.data.most
  const near = view !== null && view.zoom >= NEAR
  const whole = offered.reduce((sum, one) => sum + one.count, 0)
  const all = overview.data !== undefined && whole <= overview.data.most
  const address = '/api/v1/map/assets/columns'
  const bounds = many && near ? `&bbox=${view.bounds.map((degrees) => degrees.toFixed(2)).join(',')}` : ''
  return {
    offered,
    shown: codes,
    show: (wanted) => setHidden(offered.map(({ code }) => code).filter((code) => !wanted.includes(code))),
    tooMany: many && !near ? count : null,
    // All at once where they may be: what is hidden then is not asked again.
    url:
      count === 0 || (many && !near)
        ? null
        : all
          ? address
          : `${address}?service=${codes.join(',')}${bounds}`,
    within: all ? codes : null,
    onMove: setView,
  }
}

function Services({ offered, shown, show, tooMany }: Places) {
  const { map: words } = useMessages()
  const formats = useFormats()
  if (offered.length === 0) return null
  return (
    <fieldset className="ways-in">
      <legend>{words.services}</legend>
      {offered.map(({ code, name, count }) => (
        <label key={code}>
          <input
            type="checkbox"
            checked={shown.includes(code)}
            onChange={(event) =>
              show(event.target.checked ? [...shown, code] : shown.filter((other) => other !== code))
            }
          />
          {name} <span className="quiet">{formats.integer(count)}</span>
        </label>
      ))}
      {tooMany !== null && (
        <p className="note" role="status">
          {words.tooMany(formats.integer(tooMany))}
        </p>
      )}
    </fieldset>
  )
}

function Sources({ background, boundaries }: { background: Background | undefined; boundaries: Boundaries }) {
  const { map: words } = useMessages()
  if (boundaries.features.length === 0) return <p className="quiet">{words.nowhere}</p>
  if (!boundaries.features.some((one) => one.properties.schematic === true)) return null
  return <p className="quiet">{background?.offline === true ? words.schematicOffline : words.schematic}</p>
}
