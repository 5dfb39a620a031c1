import { addProtocol } from 'maplibre-gl'

export type Question =
  | { ask: 'load'; url: string | null; services: string[] | null }
  | { ask: 'tile'; z: number; x: number; y: number }
  | { ask: 'unseen' }
  | { ask: 'zoom'; cluster: number }
export type Answer = { tile?: ArrayBuffer; zoom?: number }

const worker = new Worker(new URL('./places.worker.ts', import.meta.url), { type: 'module' })
const waiting = new Map<number, (answer: Answer) => void>()
let asked = 0
let loaded = 0

worker.onmessage = ({ data }: MessageEvent<{ id: number; answer: Answer }>) => {
  waiting.get(data.id)?.(data.answer)
  waiting.delete(data.id)
}

function ask(question: Question): Promise<Answer> {
  const id = asked++
  return new Promise((told) => {
    waiting.set(id, told)
    worker.postMessage({ id, question })
  })
}

addProtocol('places', async ({ url }) => {
  const [version = 0, z = 0, x = 0, y = 0] = url.split('/').slice(-4).map(Number)
  const { tile } = await together(ask(version === 0 ? { ask: 'unseen' } : { ask: 'tile', z, x, y }))
  return { data: tile ?? new ArrayBuffer() }
})

/** Milliseconds that a tile waits for those asked with it. */
const PATIENCE = 100
let cutting = 0
let held: (() => void)[] = []

/** Tiles asked together are given together: the map is drawn anew once, not at each. */
async function together(tile: Promise<Answer>): Promise<Answer> {
  cutting++
  const cut = await tile
  cutting--
  if (cutting > 0) {
    await new Promise<void>((give) => {
      if (held.length === 0) window.setTimeout(giveAll, PATIENCE)
      held.push(give)
    })
  } else giveAll()
  return cut
}

function giveAll(): void {
  const given = held
  held = []
  given.forEach((give) => give())
}

/** Where the map starts from: a place and a group that nobody sees, so that all is ready to draw those to come. */
export const UNSEEN = 'places://0/{z}/{x}/{y}'

/** Where the tiles of the places at an address are, once they are there; null for none. `services`: of these alone,
 * all for null; what is known of an address is not asked again. */
export async function tilesOf(url: string | null, services: string[] | null): Promise<string> {
  await ask({ ask: 'load', url: url === null ? null : new URL(url, location.href).href, services })
  return `places://${++loaded}/{z}/{x}/{y}`
}

/** From which zoom a group opens. */
export const openingOf = async (cluster: number): Promise<number | undefined> =>
  (await ask({ ask: 'zoom', cluster })).zoom
