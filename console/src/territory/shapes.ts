/** The shapes of assets on the map, one a service; what they say of silence is in their fill and their edge. */

export const STATES = ['heard', 'silent', 'never', 'none'] as const
export type State = (typeof STATES)[number]

export type Inks = { fill: string; edge: string; paper: string }

type Corner = readonly [number, number]

const ROUND = 'round'
const polygon = (sides: number, turned = 0): Corner[] =>
  Array.from({ length: sides }, (_, side) => {
    const angle = (2 * Math.PI * side) / sides - Math.PI / 2 + turned
    return [Math.cos(angle), Math.sin(angle)] as const
  })
const star = (points: number): Corner[] =>
  polygon(points * 2).map(([x, y], rank) => (rank % 2 === 0 ? [x, y] : [x * 0.5, y * 0.5]))

const SHAPES: Record<string, Corner[] | typeof ROUND> = {
  lighting: ROUND,
  water: polygon(3, Math.PI),
  buildings: polygon(4, Math.PI / 4),
  waste: polygon(5),
  parking: polygon(4),
  environment: polygon(6),
  mobility: polygon(3),
  energy: star(4),
  networks: star(5),
}
const OTHER = polygon(8)

/** in pixels of the screen */
export const SIZE = 20
const RADIUS = 7.5

export const imageOf = (service: string, state: State): string => `${service}/${state}`

/** Draws a shape in the middle of a canvas of `SIZE`. */
export function draw(paint: CanvasRenderingContext2D, service: string, state: State, inks: Inks): void {
  const shape = SHAPES[service] ?? OTHER
  const middle = SIZE / 2
  paint.beginPath()
  if (shape === ROUND) paint.arc(middle, middle, RADIUS - 1, 0, 2 * Math.PI)
  else for (const [x, y] of shape) paint.lineTo(middle + x * RADIUS, middle + y * RADIUS)
  paint.closePath()
  paint.lineJoin = 'round'
  paint.setLineDash(state === 'never' ? [2, 2] : [])
  const full = state === 'heard'
  paint.lineWidth = 5
  paint.strokeStyle = inks.paper
  paint.stroke()
  paint.fillStyle = full ? inks.fill : inks.paper
  paint.fill()
  paint.lineWidth = state === 'silent' ? 2.75 : 1.5
  paint.strokeStyle = state === 'none' ? inks.fill : inks.edge
  paint.stroke()
}

/** A shape as pixels, at twice the size of the screen's. */
export function pixelsOf(service: string, state: State, inks: Inks): ImageData {
  const canvas = new OffscreenCanvas(SIZE * 2, SIZE * 2)
  const paint = canvas.getContext('2d') as unknown as CanvasRenderingContext2D
  paint.scale(2, 2)
  draw(paint, service, state, inks)
  return paint.getImageData(0, 0, SIZE * 2, SIZE * 2)
}
