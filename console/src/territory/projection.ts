export type Point = { x: number; y: number }
export type Place = { longitude: number; latitude: number }
type Ring = [number, number][]

/** Degrees to the plane, kilometres in proportion near the places shown; good enough for a territory. */
export function projectionOf(places: Place[], width: number, height: number, margin: number) {
  const longitudes = places.map((place) => place.longitude)
  const latitudes = places.map((place) => place.latitude)
  const [west, east] = [Math.min(...longitudes), Math.max(...longitudes)]
  const [south, north] = [Math.min(...latitudes), Math.max(...latitudes)]
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const [wide, high] = [(east - west) * narrowing || 1, north - south || 1]
  const scale = Math.min((width - 2 * margin) / wide, (height - 2 * margin) / high)
  const [left, top] = [(width - wide * scale) / 2, (height - high * scale) / 2]
  return ({ longitude, latitude }: Place): Point => ({
    x: left + (longitude - west) * narrowing * scale,
    y: top + (north - latitude) * scale,
  })
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

export type Label<T> = { of: T; x: number; y: number; text: string; anchor: 'start' | 'end' }

const LINE = 17
const LETTER = 7.4

/** Names beside their points, the first ones first; one that would cover another, or leave the picture, is left out. */
export function labelsOf<T extends Point & { name: string; radius: number }>(
  points: T[],
  width: number,
  atMost: number,
): Label<T>[] {
  const taken: { left: number; right: number; top: number; bottom: number }[] = []
  const labels: Label<T>[] = []
  for (const point of points) {
    if (labels.length === atMost) break
    const long = point.name.length * LETTER
    for (const anchor of ['start', 'end'] as const) {
      const gap = point.radius + 4
      const left = anchor === 'start' ? point.x + gap : point.x - gap - long
      const box = { left, right: left + long, top: point.y - LINE / 2, bottom: point.y + LINE / 2 }
      const out = box.left < 0 || box.right > width
      const covers = taken.some(
        (other) =>
          box.left < other.right &&
          other.left < box.right &&
          box.top < other.bottom &&
          other.top < box.bottom,
      )
      if (out || covers) continue
      taken.push(box)
      labels.push({
        of: point,
        x: anchor === 'start' ? left : box.right,
        y: point.y,
        text: point.name,
        anchor,
      })
      break
    }
  }
  return labels
}
