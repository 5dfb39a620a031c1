/** West, south, east, north. */
export type Box = [number, number, number, number]

type Shape = { geometry?: unknown; properties?: unknown }

/** What holds all the shapes (GeoJSON features); null for none. */
export function boundsOf(features: Shape[]): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { geometry } of features)
    grow(box, (geometry as { coordinates?: unknown } | undefined)?.coordinates)
  return Number.isFinite(box[0]) ? box : null
}

/** The middle of a box. */
export function middleOf([west, south, east, north]: Box): [number, number] {
  return [(west + east) / 2, (south + north) / 2]
}

function grow(box: Box, coordinates: unknown): void {
  if (!Array.isArray(coordinates)) return
  const [longitude, latitude] = coordinates as unknown[]
  if (typeof longitude !== 'number' || typeof latitude !== 'number') {
    for (const part of coordinates) grow(box, part)
    return
  }
  box[0] = Math.min(box[0], longitude)
  box[1] = Math.min(box[1], latitude)
  box[2] = Math.max(box[2], longitude)
  box[3] = Math.max(box[3], latitude)
}
