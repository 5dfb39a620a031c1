import { addProtocol, type LayerSpecification, type StyleSpecification } from 'maplibre-gl'
import { PMTiles, Protocol, TileType } from 'pmtiles'
import type { Background } from '@/api/schema'
import type { Theme } from '@/territory/scale'

const protocol = new Protocol()
addProtocol('pmtiles', protocol.tile)

/** What is drawn under the territory; null when there is nothing, or when it does not answer: a map is never blank. */
export async function backgroundOf(told: Background, theme: Theme): Promise<StyleSpecification | null> {
  try {
    if (told.tiles) return await fromFile(new URL(told.tiles, location.href).href, theme)
    if (told.style) return await fromStyle(told.style)
  } catch {
    // no background today
  }
  return null
}

async function fromStyle(url: string): Promise<StyleSpecification> {
  const answer = await fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(8_000) })
  if (!answer.ok) throw new Error(url)
  return (await answer.json()) as StyleSpecification
}

const INKS: Record<Theme, { water: string; green: string; road: string; built: string; border: string }> = {
  light: { water: '#cfdbe6', green: '#e3e9df', road: '#d5d8dc', built: '#e2e3e6', border: '#b9bfc6' },
  dark: { water: '#22303c', green: '#1c241f', road: '#333b44', built: '#262c33', border: '#48515b' },
}

/** Layers of the schemas in use (OpenMapTiles, Protomaps, PLAN IGN), by what they hold; the others are left aside. */
const KINDS: { named: RegExp; type: 'fill' | 'line'; ink: keyof (typeof INKS)['light'] }[] = [
  { named: /^(landcover|landuse|park|natural|oro|ocs)/i, type: 'fill', ink: 'green' },
  { named: /^(water|ocean|hydro_surf)/i, type: 'fill', ink: 'water' },
  { named: /^(waterway|hydro_reseau)/i, type: 'line', ink: 'water' },
  { named: /^(building|bati)/i, type: 'fill', ink: 'built' },
  { named: /^(road|transit|transportation$|routier)/i, type: 'line', ink: 'road' },
  { named: /^(boundar|limite)/i, type: 'line', ink: 'border' },
]

async function fromFile(url: string, theme: Theme): Promise<StyleSpecification> {
  const file = new PMTiles(url)
  protocol.add(file)
  const { tileType } = await file.getHeader()
  const metadata = (await file.getMetadata()) as { vector_layers?: { id: string }[]; attribution?: string }
  const source = { url: `pmtiles://${url}`, attribution: metadata.attribution ?? '' }
  if (tileType !== TileType.Mvt) {
    return {
      version: 8,
      sources: { background: { type: 'raster', tileSize: 256, ...source } },
      layers: [
        { id: 'background', type: 'raster', source: 'background', paint: { 'raster-saturation': -0.8 } },
      ],
    }
  }
  return {
    version: 8,
    sources: { background: { type: 'vector', ...source } },
    layers: (metadata.vector_layers ?? []).flatMap(({ id }) => layersOf(id, theme)),
  }
}

function layersOf(id: string, theme: Theme): LayerSpecification[] {
  const kind = KINDS.find(({ named }) => named.test(id))
  if (kind === undefined) return []
  const common = { id: `background/${id}`, source: 'background', 'source-layer': id }
  const ink = INKS[theme][kind.ink]
  if (kind.type === 'line') return [{ ...common, type: 'line', paint: { 'line-color': ink } }]
  return [
    { ...common, type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': ink } },
  ]
}
