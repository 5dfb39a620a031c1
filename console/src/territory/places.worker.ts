import { Supercluster } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'
import type { Answer, Question } from '@/territory/places'

/** Fetches the places of assets, groups them and cuts them into tiles, away from the thread that the reader waits for. */

const EXTENT = 8192
/** in pixels of a tile of 512 */
const RADIUS = 46
const CLUSTERED_UNTIL = 14

type Points = Parameters<Supercluster['load']>[0]
type Properties = { state?: string; silent?: number } | null

let index = clusters([])

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
    const found = question.url === null ? null : await fetch(question.url)
    index = clusters(found?.ok === true ? ((await found.json()) as { features: Points }).features : [])
    return {}
  }
  if (question.ask === 'zoom') return { zoom: index.getClusterExpansionZoom(question.cluster) }
  const tile = index.getTile(question.z, question.x, question.y)
  const told = tile ? fromGeojsonVt({ places: tile }, { version: 2, extent: EXTENT }) : new Uint8Array()
  return { tile: told.slice().buffer }
}

self.onmessage = ({ data }: MessageEvent<{ id: number; question: Question }>) => {
  answered(data.question).then(
    (answer) => self.postMessage({ id: data.id, answer }, { transfer: answer.tile ? [answer.tile] : [] }),
    () => self.postMessage({ id: data.id, answer: {} }),
  )
}
