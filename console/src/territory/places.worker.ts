import { Supercluster } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'
import type { PlaceColumns } from '@/api/schema'
import type { Answer, Question } from '@/territory/places'

/** Fetches the places of assets, groups them and cuts them into tiles, away from the thread that the reader waits for. */

const EXTENT = 8192
/** in pixels of a tile of 512 */
const RADIUS = 46
const CLUSTERED_UNTIL = 14

type Points = Parameters<Supercluster['load']>[0]
type Properties = { service?: string; state?: string; silent?: number } | null

let index = clusters([])
let known: { url: string | null; points: Points } = { url: null, points: [] }

function clusters(points: Points): Supercluster {
  const made = new Supercluster({
    extent: EXTENT,
    radius: (RADIUS * EXTENT) / 512,
    maxZoom: CLUSTERED_UNTIL,
    map: (one: Properties) => ({ silent: one?.state === 'silent' || one?.state === 'never' ? 1 : 0 }),
    reduce: (sum: Properties, one: Properties) => {
      if (sum) sum.silent = (sum.silent ?? 0) + (one?.silent ?? 0)
    },
  })
  made.load(points)
  return made
}

async function answered(question: Question): Promise<Answer> {
  if (question.ask === 'load') {
    if (question.url !== known.url) known = { url: question.url, points: await fetched(question.url) }
    const { services } = question
    const shown = ({ properties }: Points[number]) =>
      services === null || services.includes((properties as Properties)?.service ?? '')
    index = clusters(known.points.filter(shown))
    return {}
  }
  if (question.ask === 'unseen') return { tile: cut(UNSEEN) }
  if (question.ask === 'zoom') return { zoom: index.getClusterExpansionZoom(question.cluster) }
  const tile = index.getTile(question.z, question.x, question.y)
  return { tile: tile === null ? new ArrayBuffer() : cut(tile) }
}

async function fetched(url: string | null): Promise<Points> {
  const found = url === null ? null : await fetch(url)
  return found?.ok === true ? pointsOf((await found.json()) as PlaceColumns) : []
}

const pointsOf = ({ id, longitude, latitude, service, state, services, states }: PlaceColumns): Points =>
  id.map((one, row) => ({
    type: 'Feature',
    id: one,
    properties: { service: services[service[row] ?? -1], state: states[state[row] ?? -1] },
    geometry: { type: 'Point', coordinates: [longitude[row] ?? 0, latitude[row] ?? 0] },
  }))

type Tile = Parameters<typeof fromGeojsonVt>[0][string]

const cut = (tile: Tile): ArrayBuffer =>
  fromGeojsonVt({ places: tile }, { version: 2, extent: EXTENT }).slice().buffer

/** In the middle of a tile, until the places are there: a map makes itself ready for a kind of drawing when it first
 * meets one, and would rather have the reader wait. */
const UNSEEN = {
  features: [{ point_count: 1, point_count_abbreviated: '1', silent: 1 }, { service: 'unseen' }].map(
    (tags) => ({
      type: 1,
      geometry: [[EXTENT / 2, EXTENT / 2]],
      tags: { ...tags, unseen: true },
    }),
  ),
} as unknown as Tile

self.onmessage = ({ data }: MessageEvent<{ id: number; question: Question }>) => {
  answered(data.question).then(
    (answer) => self.postMessage({ id: data.id, answer }, { transfer: answer.tile ? [answer.tile] : [] }),
    () => self.postMessage({ id: data.id, answer: {} }),
  )
}
