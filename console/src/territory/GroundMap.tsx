import 'maplibre-gl/dist/maplibre-gl.css'
import type { FeatureCollection, GeoJSON } from 'geojson'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url'
import {
  AttributionControl,
  GeoJSONSource,
  LngLat,
  Map as Ground,
  NavigationControl,
  ScaleControl,
  setWorkerUrl,
  type LngLatLike,
  VectorTileSource,
  type MapMouseEvent,
  type StyleSpecification,
} from 'maplibre-gl'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Background, Boundaries } from '@/api/schema'
import { useTheme } from '@/design/theme'
import { useMessages, type Messages } from '@/language'
import { backgroundOf } from '@/territory/background'
import { boundsOf, middleOf, type Box } from '@/territory/bounds'
import { styleOf } from '@/territory/layers'
import { PALETTES } from '@/territory/palettes'
import { openingOf, tilesOf } from '@/territory/places'
import { isDrawnByProcessor } from '@/territory/processor'
import { pixelsOf, STATES, imageOf } from '@/territory/shapes'

// A file of the instance: its content policy lets no worker be made of a text.
setWorkerUrl(workerUrl)

/** Milliseconds left to a gesture to be shown around the map, before the map is worked at. */
const PAUSE = 150
const FRANCE: [number, number] = [2.5, 46.6]

export type Chosen = { kind: 'collectivity'; key: string } | { kind: 'asset'; id: number }
export type Name = { key: string; name: string; weight: number; longitude: number; latitude: number }
export type Target = { bounds: Box } | { centre: [number, number]; zoom: number }
export type View = { zoom: number; bounds: Box }

type Props = {
  background: Background
  boundaries: Boundaries
  names: Name[]
  /** The colour of each commune that has one, by key. */
  colours: ReadonlyMap<string, string>
  /** Where the places of assets are fetched, in the map's own thread; null for none. */
  places: string | null
  /** Those that are shown, all for null. */
  shown: string[] | null
  services: string[]
  chosen: Chosen | null
  pointed: string | null
  target: Target | null
  label: string
  onChoose: (chosen: Chosen | null) => void
  onMove: (view: View) => void
  onUnable: () => void
}

type Drawn = { map: Ground; since: number }

/** The territory on the ground. For the eye, the mouse and the keyboard; the list beside it says the same. */
export function GroundMap(props: Props) {
  const { background, boundaries, names, colours, places, shown, services, chosen, pointed, target, label } =
    props
  const messages = useMessages()
  const theme = useTheme()
  const container = useRef<HTMLDivElement>(null)
  const camera = useRef<{ center: LngLatLike; zoom: number } | null>(null)
  const [drawn, setDrawn] = useState<Drawn | null>(null)
  const choose = useEffectEvent(props.onChoose)
  const move = useEffectEvent(props.onMove)
  const unable = useEffectEvent(props.onUnable)
  const begin = useEffectEvent((style: StyleSpecification | null, into: HTMLElement) =>
    begun({ into, style, theme, words: messages.map, label, boundaries, camera: camera.current, services }),
  )

  useEffect(() => {
    let map: Ground | null = null
    let gone = false
    void backgroundOf(background, theme).then((style) => {
      if (gone || container.current === null) return
      try {
        map = begin(style, container.current)
      } catch {
        unable()
        return
      }
      const made = map
      made.on('load', () => setDrawn({ map: made, since: performance.now() }))
      made.on(
        'click',
        (event) => void choiceAt(made, event).then((found) => found !== undefined && choose(found)),
      )
      pointAt(made)
      made.on('moveend', () => {
        camera.current = { center: made.getCenter(), zoom: made.getZoom() }
        const [west, south, east, north] = made.getBounds().toArray().flat() as [
          number,
          number,
          number,
          number,
        ]
        move({ zoom: made.getZoom(), bounds: [west, south, east, north] })
      })
    })
    return () => {
      gone = true
      setDrawn(null)
      map?.remove()
    }
  }, [background, theme])

  useEffect(() => {
    fill(drawn, 'communes', boundaries as unknown as FeatureCollection)
  }, [drawn, boundaries])
  useEffect(() => {
    fill(drawn, 'names', pointsOf(names))
  }, [drawn, names])
  const loaded = useRef<string | null>(null)
  const [seen, setSeen] = useState<string | null>(null)
  useEffect(() => {
    let stale = false
    const load = async () => {
      const tiles = await tilesOf(places, shown)
      const source = stale ? undefined : drawn?.map.getSource('assets')
      if (source instanceof VectorTileSource) source.setTiles([tiles])
      loaded.current = places
      if (places !== null) drawn?.map.once('idle', () => setSeen(places))
    }
    // Boxes are ticked several together, and each shows its tick before the map is worked at.
    const timer = window.setTimeout(() => void load(), loaded.current === places ? PAUSE : 0)
    return () => {
      stale = true
      window.clearTimeout(timer)
    }
  }, [drawn, places, shown])

  useEffect(
    () =>
      afterGesture(drawn, (map) => {
        for (const { key } of boundaries.features.map((one) => one.properties)) {
          map.setFeatureState({ source: 'communes', id: key }, { colour: colours.get(key) ?? null })
        }
      }),
    [drawn, boundaries, colours],
  )

  useEffect(
    () => afterGesture(drawn, () => fill(drawn, 'ringed', ringedOf(boundaries, chosen, pointed))),
    [drawn, boundaries, chosen, pointed],
  )

  useEffect(() => {
    if (target === null) return
    return afterGesture(drawn, (map) => {
      const marked = 'centre' in target ? [{ longitude: target.centre[0], latitude: target.centre[1] }] : []
      fill(drawn, 'found', pointsOf(marked))
      if ('bounds' in target) map.fitBounds(target.bounds, { padding: 60, maxZoom: 13 })
      else map.flyTo({ center: target.centre, zoom: Math.max(target.zoom, map.getZoom()) })
    })
  }, [drawn, target])

  return (
    <div
      ref={container}
      className="ground"
      data-ready={drawn !== null}
      data-places={seen !== null && seen === places}
      data-animated={!isDrawnByProcessor()}
    />
  )
}

type Beginning = {
  into: HTMLElement
  style: StyleSpecification | null
  theme: 'light' | 'dark'
  words: Messages['map']
  label: string
  boundaries: Boundaries
  camera: { center: LngLatLike; zoom: number } | null
  services: string[]
}

function begun({ into, style, theme, words, label, boundaries, camera, services }: Beginning): Ground {
  const around = boundsOf(boundaries.features)
  const middle = camera
    ? LngLat.convert(camera.center).toArray()
    : around === null
      ? FRANCE
      : middleOf(around)
  const map = new Ground({
    container: into,
    style: styleOf(style, theme, middle),
    ...(camera ?? (around === null ? { center: FRANCE, zoom: 5 } : { bounds: around })),
    fitBoundsOptions: { padding: 24 },
    attributionControl: false,
    // Names that fade in would have the whole map drawn over and over.
    fadeDuration: 0,
    ...(isDrawnByProcessor() && { reduceMotion: true }),
    dragRotate: false,
    pitchWithRotate: false,
    rollEnabled: false,
    // On a phone one finger moves the page, two the map.
    cooperativeGestures: window.matchMedia('(pointer: coarse)').matches,
    locale: {
      'Map.Title': label,
      'NavigationControl.ZoomIn': words.closer,
      'NavigationControl.ZoomOut': words.farther,
      'AttributionControl.ToggleAttribution': words.sources,
      'CooperativeGesturesHandler.MobileHelpText': words.twoFingers,
    },
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  map.addControl(new NavigationControl({ showCompass: false }))
  map.addControl(new ScaleControl({ unit: 'metric' }))
  const known = boundaries.features.some((one) => one.properties.schematic !== true)
  map.addControl(
    new AttributionControl({ compact: true, ...(known ? { customAttribution: boundaries.source } : {}) }),
  )
  for (const service of [...services, 'unseen']) {
    for (const state of STATES) {
      map.addImage(imageOf(service, state), pixelsOf(service, state, PALETTES[theme]), { pixelRatio: 2 })
    }
  }
  return map
}

/** The hand over what may be chosen; looked for once a frame, and not while the map moves. */
function pointAt(map: Ground): void {
  let frame: number | null = null
  map.on('mousemove', ({ point }) => {
    frame ??= window.requestAnimationFrame(() => {
      frame = null
      if (map.isMoving()) return
      const over = map.queryRenderedFeatures(point, { layers: ['clusters', 'assets', 'communes'] })
      map.getCanvas().style.cursor = over.length > 0 ? 'pointer' : ''
    })
  })
  map.on('remove', () => frame !== null && window.cancelAnimationFrame(frame))
}

/** Works at the map once the gesture that asks it is shown: drawing takes longer than the reader would wait. At a map
 * that was just drawn, at once. Returns what gives it up. */
function afterGesture(drawn: Drawn | null, work: (map: Ground) => void): (() => void) | undefined {
  if (drawn === null) return undefined
  const isNew = performance.now() - drawn.since < PAUSE
  const timer = window.setTimeout(() => work(drawn.map), isNew ? 0 : PAUSE)
  return () => window.clearTimeout(timer)
}

function fill(drawn: Drawn | null, source: string, data: GeoJSON): void {
  const found = drawn?.map.getSource(source)
  if (found instanceof GeoJSONSource) void found.setData(data)
}

/** The communes that a ring is drawn around: the one that is chosen, and the one that the hand is over in the list. */
function ringedOf(boundaries: Boundaries, chosen: Chosen | null, pointed: string | null): FeatureCollection {
  const key = chosen?.kind === 'collectivity' ? chosen.key : null
  const features = boundaries.features
    .filter(({ properties }) => properties.key === key || properties.key === pointed)
    .map((one) => ({ ...one, properties: { chosen: one.properties.key === key } }))
  return { type: 'FeatureCollection', features } as unknown as FeatureCollection
}

function pointsOf(places: { longitude: number; latitude: number }[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: places.map(({ longitude, latitude, ...properties }) => ({
      type: 'Feature',
      properties,
      geometry: { type: 'Point', coordinates: [longitude, latitude] },
    })),
  }
}

/** What is under a click: an asset, else a commune; a cluster is opened instead, and nothing is chosen. */
async function choiceAt(map: Ground, { point }: MapMouseEvent): Promise<Chosen | null | undefined> {
  const [found] = map.queryRenderedFeatures(point, { layers: ['assets', 'clusters', 'communes'] })
  if (found === undefined) return null
  if (found.layer.id === 'assets') return { kind: 'asset', id: Number(found.id) }
  if (found.layer.id === 'communes') {
    return { kind: 'collectivity', key: String((found.properties as { key: unknown }).key) }
  }
  if (found.geometry.type === 'Point') {
    const zoom = await openingOf(Number((found.properties as { cluster_id: unknown }).cluster_id))
    const center = found.geometry.coordinates as [number, number]
    if (zoom !== undefined) map.easeTo({ center, zoom: zoom + 0.5 })
  }
  return undefined
}
