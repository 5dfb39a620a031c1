import uPlot from 'uplot'
import type { Formats } from '@/language'
import { usualStep, type Row, type Shape } from '@/charts/drawing'

export type Palette = {
  ink: string
  line: string
  band: string
  grid: string
  hatch: string
  surface: string
  /** of curves drawn together, apart for every kind of sight */
  apart: string[]
}

/** How many curves can be told apart. */
export const APART = 8

/** The colours of the theme at this moment, as a canvas takes them. */
export function paletteOf(element: HTMLElement): Palette {
  const probe = document.createElement('span')
  element.append(probe)
  const colour = (name: string) => {
    probe.style.color = `var(--${name})`
    return getComputedStyle(probe).color
  }
  const palette = {
    ink: colour('ink-2'),
    line: colour('data'),
    band: colour('data-band'),
    grid: colour('line'),
    hatch: colour('doubt'),
    surface: colour('surface'),
    apart: Array.from({ length: APART }, (_, place) => colour(`apart-${place + 1}`)),
  }
  probe.remove()
  return palette
}

const SECOND = 1_000

/** Where a row stands on the time axis, in seconds: a mean in the middle of its bucket, growth at its start. */
function positionOf(row: Row, shape: Shape): number {
  const start = row.start.getTime() / SECOND
  if (row.end === null || shape === 'delta') return start
  return (start + row.end.getTime() / SECOND) / 2
}

export function dataOf(rows: Row[], shape: Shape): uPlot.AlignedData {
  const times = rows.map((row) => positionOf(row, shape))
  const values = rows.map((row) => row.value)
  if (shape !== 'range') return [times, values]
  return [times, values, rows.map((row) => row.max), rows.map((row) => row.min)]
}

type Asked = {
  rows: Row[]
  shape: Shape
  /** how 0 and 1 are said, when they are all there is */
  words: [string, string] | null
  width: number
  height: number
  palette: Palette
  formats: Formats
  span: [number, number]
  onRow: (row: number | null) => void
}

export function optionsOf(asked: Asked): uPlot.Options {
  const { rows, shape, words, palette, formats } = asked
  const font = '14px "Atkinson Hyperlegible Next Variable", system-ui, sans-serif'
  const axis = { stroke: palette.ink, font, grid: { stroke: palette.grid, width: 1 }, ticks: { show: false } }
  return {
    width: asked.width,
    height: asked.height,
    legend: { show: false },
    padding: [12, 28, 0, 0],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * SECOND), formats.zone),
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 9, fill: palette.line } },
    scales: { x: { range: () => asked.span }, y: { range: rangeOf(shape) } },
    axes: [
      { ...axis, space: 76, size: 34, values: (_, splits) => ticks(splits, formats) },
      { ...axis, size: 68, ...scaleOf(asked) },
    ],
    series: [{}, ...drawnSeries(shape, words !== null, palette, rows.length)],
    bands: shape === 'range' ? [{ series: [2, 3], fill: palette.band }] : [],
    hooks: {
      drawClear: [(plot) => hatch(plot, rows, shape, palette.hatch)],
      setCursor: [(plot) => asked.onRow(plot.cursor.idx ?? null)],
    },
  }
}

/** Yes and no are two marks; numbers as many as there is room for. */
function scaleOf({ words, formats }: Asked): uPlot.Axis {
  if (words) return { splits: [0, 1], values: words }
  return { values: (_, splits) => splits.map((value) => formats.number(value)) }
}

function drawnSeries(shape: Shape, stepped: boolean, palette: Palette, count: number): uPlot.Series[] {
  const points = { show: count < 60 && shape !== 'delta', size: 5, fill: palette.line }
  const line: uPlot.Series = { stroke: palette.line, width: 2, points, spanGaps: false }
  const paths = uPlot.paths
  if (shape === 'delta' && paths.bars) {
    return [{ ...line, width: 0, fill: palette.line, paths: paths.bars({ size: [0.8, 48], align: 1 }) }]
  }
  if (stepped && paths.stepped) return [{ ...line, paths: paths.stepped({ align: 1 }) }]
  const edge: uPlot.Series = { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: false }
  return shape === 'range' ? [line, edge, edge] : [line]
}

/** Growth is measured from zero; anything else is drawn at its own scale, with air above and below. */
function rangeOf(shape: Shape): uPlot.Scale.Range {
  return (_, low, high) => {
    if (shape === 'delta') return [Math.min(0, low), high > 0 ? high * 1.08 : 1]
    const air = (high - low || Math.abs(high) || 1) * 0.1
    return [low - air, high + air]
  }
}

const DAY = 86_400

/** Hours within a day, the date where a day begins; dates alone once ticks are days apart. */
export function ticks(splits: number[], formats: Formats): string[] {
  const daily = splits.length > 1 && (splits[1] ?? 0) - (splits[0] ?? 0) >= DAY - 3_600
  return splits.map((seconds) => {
    const when = new Date(seconds * SECOND)
    return daily || formats.isMidnight(when) ? formats.shortDay(when) : formats.time(when)
  })
}

/** Hatches the stretches in which an observation is doubtful: marked, never hidden. */
export function hatch(plot: uPlot, rows: Row[], shape: Shape, colour: string): void {
  const { ctx: canvas, bbox } = plot
  const pattern = canvas.createPattern(stripes(colour), 'repeat')
  if (pattern === null) return
  const half = shape === 'measures' ? usualStep(rows) / 2 : 0
  canvas.save()
  canvas.beginPath()
  canvas.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  canvas.clip()
  canvas.fillStyle = pattern
  for (const row of rows) {
    if (row.doubtful === 0) continue
    const from = plot.valToPos((row.start.getTime() - half) / SECOND, 'x', true)
    const to = plot.valToPos(((row.end ?? row.start).getTime() + half) / SECOND, 'x', true)
    const width = Math.max(to - from, 6)
    canvas.fillRect(from, bbox.top, width, bbox.height)
  }
  canvas.restore()
}

function stripes(colour: string): HTMLCanvasElement {
  const size = 10
  const tile = document.createElement('canvas')
  tile.width = tile.height = size
  const canvas = tile.getContext('2d')
  if (canvas) {
    canvas.strokeStyle = colour
    canvas.lineWidth = 1.5
    for (const shift of [-size, 0, size]) {
      canvas.moveTo(shift, size)
      canvas.lineTo(shift + size, 0)
    }
    canvas.stroke()
  }
  return tile
}
