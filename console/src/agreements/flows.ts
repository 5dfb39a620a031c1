/** What one agreement is, in the words of the picture. `subject`: what is given, and with which right, as one name. */
export type Told = {
  giver: string
  receiver: string
  subject: string
  label: string
  detail: string
  operate: boolean
  toCome: boolean
}

/** A box; `y`: its middle, in rows from the top. */
export type Box = { id: string; name: string; detail: string; y: number }
/** From a giver to a subject, or from a subject to a receiver. */
export type Line = { side: 'giver' | 'receiver'; from: number; to: number; operate: boolean; toCome: boolean }
export type Picture = { givers: Box[]; subjects: Box[]; receivers: Box[]; lines: Line[]; rows: number }

type Names = { of: (key: string) => string; others: (count: number) => string }

/** Boxes in a column; beyond, the others are one. */
export const MOST = 8
const OTHERS = 'others'

/** Givers, what they give, receivers: three columns, each box in the middle of its place. */
export function pictureOf(told: Told[], names: Names): Picture {
  const sides = [told.map((one) => one.giver), told.map((one) => one.receiver)] as const
  const [givers, receivers] = sides.map((keys) => columnOf(keys, names)) as [Column, Column]
  const subjects = new Map(told.map((one) => [one.subject, one]))
  const rows = Math.max(givers.boxes.length, receivers.boxes.length, subjects.size)
  const order = (id: string) => {
    const its = told.filter((one) => one.subject === id)
    const places = its.map((one) => givers.placeOf(one.giver) + receivers.placeOf(one.receiver))
    return places.reduce((sum, one) => sum + one, 0) / places.length
  }
  const placed = (boxes: Omit<Box, 'y'>[]): Box[] =>
    boxes.map((box, at) => ({ ...box, y: (rows - boxes.length) / 2 + at + 0.5 }))
  const middle = placed(
    [...subjects]
      .sort(([one], [other]) => order(one) - order(other))
      .map(([id, { label, detail }]) => ({
        id,
        name: label,
        detail: told.filter((one) => one.subject === id).length > 1 ? '' : detail,
      })),
  )
  const columns = { givers: placed(givers.boxes), receivers: placed(receivers.boxes) }
  const at = (boxes: Box[], id: string) => boxes.find((box) => box.id === id)?.y ?? 0
  const lines = told.flatMap(({ giver, receiver, subject, operate, toCome }): Line[] => {
    const y = at(middle, subject)
    return [
      { side: 'giver', from: at(columns.givers, givers.boxOf(giver)), to: y, operate, toCome },
      { side: 'receiver', from: y, to: at(columns.receivers, receivers.boxOf(receiver)), operate, toCome },
    ]
  })
  return { ...columns, subjects: middle, lines: distinct(lines), rows }
}

type Column = { boxes: Omit<Box, 'y'>[]; boxOf: (key: string) => string; placeOf: (key: string) => number }

/** The most concerned first, the others in one box. */
function columnOf(keys: string[], names: Names): Column {
  const counts = new Map<string, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  const sorted = [...counts]
    .sort(([one, most], [other, least]) => least - most || names.of(one).localeCompare(names.of(other), 'fr'))
    .map(([key]) => key)
  const shown = new Set(sorted.length > MOST ? sorted.slice(0, MOST - 1) : sorted)
  const boxes = [...shown].map((id) => ({ id, name: names.of(id), detail: '' }))
  if (shown.size < sorted.length)
    boxes.push({ id: OTHERS, name: names.others(sorted.length - shown.size), detail: '' })
  const boxOf = (key: string) => (shown.has(key) ? key : OTHERS)
  return { boxes, boxOf, placeOf: (key) => boxes.findIndex(({ id }) => id === boxOf(key)) }
}

/** One line between two boxes; it is one to come only when each of them is. */
function distinct(lines: Line[]): Line[] {
  const kept = new Map<string, Line>()
  for (const line of lines) {
    const name = `${line.side} ${line.from} ${line.to}`
    const held = kept.get(name)
    kept.set(name, held ? { ...line, toCome: held.toCome && line.toCome } : line)
  }
  return [...kept.values()]
}
