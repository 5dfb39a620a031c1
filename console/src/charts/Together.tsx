import { useEffect, useEffectEvent, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { Row } from '@/charts/drawing'
import { paletteOf } from '@/charts/plot'
import { optionsOf, panelsOf, tableOf, type Lane } from '@/charts/together'
import { useTheme } from '@/design/theme'
import { useFormats } from '@/language'
import type { Span } from '@/observations/columns'

const ALONE = 340
const STACKED = 200
const PAGE = 10

type Props = {
  lanes: Lane[]
  span: Span
  label: string
  hint: string
  point: string
  positionOf: (row: Row, counter: boolean) => number
  inWords: (seconds: number) => string
  /** of the whole picture, in pixels */
  tall?: number
  onSpan?: (span: Span) => void
  onZoom?: (factor: number) => void
}

/** Curves drawn together, one axis a unit, read by the eye, the mouse and the keyboard: as a slider over time. */
export function Together({
  lanes,
  span,
  label,
  hint,
  point,
  positionOf,
  inWords,
  tall = ALONE,
  onSpan,
  onZoom,
}: Props) {
  const formats = useFormats()
  const theme = useTheme()
  const holder = useRef<HTMLDivElement>(null)
  const plots = useRef<uPlot[]>([])
  const hintId = useId()
  const [row, setRow] = useState<number | null>(null)
  const panels = useMemo(() => panelsOf(lanes), [lanes])
  const table = useMemo(() => tableOf(lanes, positionOf), [lanes, positionOf])
  const [from, to] = [span.start.getTime() / 1000, span.end.getTime() / 1000]
  const pulled = useEffectEvent((first: number, last: number) =>
    onSpan?.({ start: new Date(first * 1000), end: new Date(last * 1000) }),
  )

  useEffect(() => {
    const element = holder.current
    if (element === null) return
    const height = panels.length > 1 ? Math.min(tall, STACKED) : tall
    const palette = paletteOf(element)
    let following = false
    const follow = (index: number | null, leader: number) => {
      if (following) return
      following = true
      const left = plots.current[leader]?.cursor.left ?? -10
      for (const [place, plot] of plots.current.entries())
        if (place !== leader) plot.setCursor({ left, top: 0 })
      following = false
      setRow(index)
    }
    const drawn = panels.map((panel, place) => {
      const options = optionsOf({
        panel,
        width: element.clientWidth,
        height,
        palette,
        formats,
        span: [from, to],
        onRow: (index) => follow(index, place),
        onSpan: (first, last) => pulled(first, last),
      })
      const data = [table.times, ...panel.lanes.map((lane) => table.columns.get(lane.key) ?? [])]
      return new uPlot(options, data as uPlot.AlignedData, element)
    })
    plots.current = drawn
    const observer = new ResizeObserver(() => {
      for (const plot of drawn) plot.setSize({ width: element.clientWidth, height })
    })
    observer.observe(element)
    return () => {
      observer.disconnect()
      plots.current = []
      for (const plot of drawn) plot.destroy()
    }
  }, [panels, table, formats, theme, tall, from, to])

  const last = table.times.length - 1
  const moveTo = (wanted: number) => {
    const index = Math.max(0, Math.min(last, wanted))
    const [first] = plots.current
    if (first === undefined) return
    first.setCursor({ left: first.valToPos(table.times[index] ?? 0, 'x'), top: 0 })
    setRow(index)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const index = row ?? last + 1
    const deeds: Record<string, () => void> = {
      ArrowLeft: () => moveTo(index - 1),
      ArrowDown: () => moveTo(index - 1),
      ArrowRight: () => moveTo(index + 1),
      ArrowUp: () => moveTo(index + 1),
      PageDown: () => moveTo(index - PAGE),
      PageUp: () => moveTo(index + PAGE),
      Home: () => moveTo(0),
      End: () => moveTo(last),
      '+': () => onZoom?.(0.5),
      '-': () => onZoom?.(2),
    }
    const deed = deeds[event.key]
    if (deed === undefined) return
    event.preventDefault()
    deed()
  }
  const seconds = row === null ? undefined : table.times[row]
  const said = seconds === undefined ? point : inWords(seconds)
  return (
    <div className="chart">
      <div
        ref={holder}
        className={panels.length > 1 ? 'plot panels' : 'plot'}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-describedby={hintId}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, last)}
        aria-valuenow={Math.min(row ?? Math.max(0, last), Math.max(0, last))}
        aria-valuetext={said}
        onKeyDown={onKeyDown}
      />
      <p className="readout">{said}</p>
      {hint !== '' && (
        <p id={hintId} className="quiet hint">
          {hint}
        </p>
      )}
    </div>
  )
}
