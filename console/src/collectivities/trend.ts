import type { FigureNow } from '@/api/schema'

/** Units on which a percentage would say nothing: what has no true zero, and what is a share already. */
const DIFFERED = new Set(['°C', '%', 'dB'])
/** Less than that is no change: of the value before, or of the unit. */
const LEAST = { relative: 0.005, absolute: 0.05 }

export type Change = { by: number; unit: string; steady: boolean }

/** From a day to a later one: in percent, or in the unit itself; null when one of them is not known. */
export function changeOf(
  before: number | null | undefined,
  after: number | null | undefined,
  unit: string,
): Change | null {
  if (before == null || after == null) return null
  if (DIFFERED.has(unit)) {
    const by = after - before
    return { by, unit: unit === '%' ? 'pt' : unit, steady: Math.abs(by) < LEAST.absolute }
  }
  if (before === 0) return null
  const by = (after - before) / Math.abs(before)
  return { by: by * 100, unit: '%', steady: Math.abs(by) < LEAST.relative }
}

export const lastOf = (figure: FigureNow): number | null => figure.days.at(-1)?.value ?? null

type Point = { x: number; y: number }

const DAY = 86_400_000

/** The days as lines in a picture of that size: a day without figure breaks the line. */
export function linesOf(days: FigureNow['days'], width: number, height: number): Point[][] {
  const times = days.map((one) => Date.parse(one.day))
  const values = days.map((one) => one.value)
  const [first, last] = [times[0] ?? 0, times.at(-1) ?? 0]
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const lines: Point[][] = []
  let before = -Infinity
  days.forEach(({ value }, rank) => {
    const time = times[rank] ?? 0
    const point = {
      x: last === first ? width : ((time - first) / (last - first)) * width,
      y: high === low ? height / 2 : height - ((value - low) / (high - low)) * height,
    }
    if (time - before > DAY) lines.push([])
    lines.at(-1)?.push(point)
    before = time
  })
  return lines
}
