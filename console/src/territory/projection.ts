export type Point = { x: number; y: number }
export type Place = { longitude: number; latitude: number }
type Ring = [number, number][]

const MARGIN = 24

/** Degrees to a plane of that width, kilometres in proportion near the places shown; good enough for a territory. */
export function projectedOn(places: Place[], width: number) {
  const longitudes = places.map((place) => place.longitude)
  const latitudes = places.map((place) => place.latitude)
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)]
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)]
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const [wide, high] = [(east - west) * narrowing || 1, north - south || 1]
  const scale = (width - 2 * MARGIN) / Math.max(wide, high)
  const left = (width - wide * scale) / 2
  return {
    height: Math.round(high * scale + 2 * MARGIN),
    project: ({ longitude, latitude }: Place): Point => ({
      x: left + (longitude - west) * narrowing * scale,
      y: MARGIN + (north - latitude) * scale,
    }),
  }
}

/** The outer and inner rings of a GeoJSON polygon, multipolygon, or feature of one. */
export function ringsOf(geojson: unknown): Ring[] {
  if (typeof geojson !== 'object' || geojson === null) return []
  const { type, geometry, coordinates } = geojson as {
    type?: string
    geometry?: unknown
    coordinates?: unknown
  }
  if (type === 'Feature') return ringsOf(geometry)
  if (type === 'Polygon') return coordinates as Ring[]
  if (type === 'MultiPolygon') return (coordinates as Ring[][]).flat()
  return []
}

type Anchor = 'start' | 'middle' | 'end'
export type Label<T> = { of: T; x: number; y: number; text: string; anchor: Anchor }

type Box = { left: number; right: number; top: number; bottom: number }

/** of the size of the letters: how wide one is on average, how high a line */
const ON_AVERAGE = 0.58
const LINE = 1.1
const AT_MOST = 24
const SIDES: readonly { anchor: Anchor; below: number }[] = [
  { anchor: 'start', below: 0 },
  { anchor: 'end', below: 0 },
  { anchor: 'middle', below: -1 },
  { anchor: 'middle', below: 1 },
]

/**
 * Names beside their points, for those that have devices, the first ones first: the points come largest first. A name
 * that would cover another, or a point that matters as much, or leave the picture, is left out.
 */
export function labelsOf<T extends Point & { name: string; radius: number; devices: number }>(
  points: T[],
  width: number,
  letters: number,
): Label<T>[] {
  const named = points.filter((point) => point.devices > 0)
  const taken: Box[] = []
  const labels: Label<T>[] = []
  for (const point of named) {
    if (labels.length === AT_MOST) break
    const obstacles = [...taken, ...named.filter((other) => other.devices > point.devices / 2).map(around)]
    const long = point.name.length * letters * ON_AVERAGE
    const high = letters * LINE
    for (const { anchor, below } of SIDES) {
      const gap = point.radius + letters / 3
      const x = point.x + { start: gap, middle: 0, end: -gap }[anchor]
      const y = point.y + below * (point.radius + high / 2 + 1)
      const left = x - { start: 0, middle: long / 2, end: long }[anchor]
      const box = { left, right: left + long, top: y - high / 2, bottom: y + high / 2 }
      if (box.left < 0 || box.right > width || obstacles.some((other) => meet(box, other))) continue
      taken.push(box)
      labels.push({ of: point, x, y: y + letters / 3, text: point.name, anchor })
      break
    }
  }
  return labels
}

function around({ x, y, radius }: Point & { radius: number }): Box {
  return { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }
}

function meet(one: Box, other: Box): boolean {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom
}
