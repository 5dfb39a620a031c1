import uPlot from 'uplot'
import type { Row } from '@/charts/drawing'
import { hatch, ticks, type Palette } from '@/charts/plot'
import type { Formats } from '@/language'

/** A curve among others: `place` gives its colour. `counter`: a growth, drawn by steps. */
export type Lane = {
  key: string
  name: string
  unit: string
  place: number
  dashed: boolean
  counter: boolean
  rows: Row[]
}

/** Lanes that share a picture: of two units at the most, one an axis. */
export type Panel = { units: string[]; lanes: Lane[] }

/** One picture while there are two units at the most; otherwise one a unit, stacked. */
export function panelsOf(lanes: Lane[]): Panel[] {
  const units = [...new Set(lanes.map((lane) => lane.unit))]
  if (units.length <= 2) return lanes.length > 0 ? [{ units, lanes }] : []
  return units.map((unit) => ({ units: [unit], lanes: lanes.filter((lane) => lane.unit === unit) }))
}

export type Table = { times: number[]; columns: Map<string, (number | null | undefined)[]> }

/** All lanes on one axis of time: null breaks a line, undefined is only where another lane has a value. */
export function tableOf(lanes: Lane[], positionOf: (row: Row, counter: boolean) => number): Table {
  if (lanes.length === 0) return { times: [], columns: new Map() }
  const tables = lanes.map(
    ({ rows, counter }) =>
      [rows.map((row) => positionOf(row, counter)), rows.map((row) => row.value)] as uPlot.AlignedData,
  )
  const [times = [], ...columns] = tables.length === 1 ? (tables[0] ?? []) : uPlot.join(tables)
  return {
    times: [...times],
    columns: new Map(lanes.map((lane, place) => [lane.key, [...(columns[place] ?? [])]])),
  }
}

type Asked = {
  panel: Panel
  width: number
  height: number
  palette: Palette
  formats: Formats
  span: [number, number]
  onRow: (row: number | null) => void
  onSpan: (from: number, to: number) => void
}

const SECOND = 1000
/** As uPlot numbers the sides of a picture. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- its enum is not there when running
const RIGHT = 1 as uPlot.Axis.Side
const FEW = 60
/** Pixels: less is a click, not a part of the picture. */
const LEAST_PULL = 8

export function optionsOf({ panel, palette, formats, ...asked }: Asked): uPlot.Options {
  const font = '14px "Atkinson Hyperlegible Next Variable", system-ui, sans-serif'
  const axis = { stroke: palette.ink, font, grid: { stroke: palette.grid, width: 1 }, ticks: { show: false } }
  return {
    width: asked.width,
    height: asked.height,
    legend: { show: false },
    padding: [12, panel.units.length > 1 ? 0 : 28, 0, 0],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * SECOND), formats.zone),
    cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 9 } },
    scales: {
      x: { range: () => asked.span },
      ...Object.fromEntries(panel.units.map((unit) => [scaleOf(unit), { range: airy }])),
    },
    axes: [
      { ...axis, space: 76, size: 34, values: (_, splits) => ticks(splits, formats) },
      ...panel.units.map((unit, place): uPlot.Axis => ({
        ...axis,
        scale: scaleOf(unit),
        ...(place > 0 && { side: RIGHT }),
        size: 68,
        grid: { ...axis.grid, show: place === 0 },
        ...(unit !== '' && { label: unit, labelSize: 22, labelFont: font, labelGap: 0 }),
        values: (_, splits) => splits.map((value) => formats.number(value)),
      })),
    ],
    series: [{}, ...panel.lanes.map((lane) => drawn(lane, palette))],
    hooks: {
      drawClear: [
        (plot) => {
          for (const { rows } of panel.lanes) {
            const kind = rows.some((row) => row.end !== null) ? 'range' : 'measures'
            hatch(plot, rows, kind, palette.hatch)
          }
        },
      ],
      setCursor: [(plot) => asked.onRow(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select
          if (width < LEAST_PULL) return
          plot.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false)
          asked.onSpan(plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x'))
        },
      ],
    },
  }
}

const scaleOf = (unit: string) => `unit ${unit}`

function drawn(lane: Lane, palette: Palette): uPlot.Series {
  const colour = palette.apart[lane.place % palette.apart.length] ?? palette.line
  const stepped = lane.counter ? uPlot.paths.stepped?.({ align: 1 }) : undefined
  return {
    scale: scaleOf(lane.unit),
    stroke: colour,
    width: lane.dashed ? 1.5 : 2,
    spanGaps: false,
    points: { show: lane.rows.length < FEW && !lane.dashed, size: 5, fill: colour },
    ...(lane.dashed && { dash: [6, 5] }),
    ...(stepped && { paths: stepped }),
  }
}

/** At the values' own scale, with air above and below. */
function airy(_: uPlot, low: number | null, high: number | null): uPlot.Range.MinMax {
  if (low === null || high === null) return [0, 1]
  const air = (high - low || Math.abs(high) || 1) * 0.08
  return [low - air, high + air]
}
