import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { useTheme } from '@/design/theme'
import { useSpeech } from '@/language'
import type { Span } from '@/observations/columns'
import { withGaps, type Drawing, type Row } from '@/charts/drawing'
import { dataOf, optionsOf, paletteOf } from '@/charts/plot'

const HEIGHT = 320
const PAGE = 10

type Props = {
  drawing: Drawing
  span: Span
  words: [string, string] | null
  label: string
  inWords: (row: Row) => string
}

/** A curve read by the eye, the mouse and the keyboard: as a slider, it says each value exactly. */
export function Chart({ drawing, span, words, label, inWords }: Props) {
  const { messages, formats } = useSpeech()
  const theme = useTheme()
  const holder = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const hint = useId()
  const rows = useMemo(() => withGaps(drawing), [drawing])
  const [row, setRow] = useState<number | null>(null)
  const [from, to] = [span.start.getTime() / 1000, span.end.getTime() / 1000]

  useEffect(() => {
    const element = holder.current
    if (element === null) return
    const options = optionsOf({
      rows,
      shape: drawing.shape,
      words,
      width: element.clientWidth,
      height: HEIGHT,
      palette: paletteOf(element),
      formats,
      span: [from, to],
      onRow: setRow,
    })
    const drawn = new uPlot(options, dataOf(rows, drawing.shape), element)
    plot.current = drawn
    const observer = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      drawn.destroy()
    }
  }, [rows, drawing.shape, words, formats, theme, from, to])

  const moveTo = (index: number) => {
    const drawn = plot.current
    const wanted = Math.max(0, Math.min(rows.length - 1, index))
    if (drawn === null) return
    const left = drawn.valToPos(drawn.data[0][wanted] ?? 0, 'x')
    const value = rows[wanted]?.value
    drawn.setCursor({ left, top: value == null ? 0 : drawn.valToPos(value, 'y') })
    setRow(wanted)
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const index = row ?? rows.length
    const targets: Record<string, number> = {
      ArrowLeft: index - 1,
      ArrowDown: index - 1,
      ArrowRight: index + 1,
      ArrowUp: index + 1,
      PageDown: index - PAGE,
      PageUp: index + PAGE,
      Home: 0,
      End: rows.length - 1,
    }
    const target = targets[event.key]
    if (target === undefined) return
    event.preventDefault()
    moveTo(target)
  }

  const pointed = row === null ? undefined : rows[row]
  const said = pointed ? inWords(pointed) : messages.series.chart.point
  return (
    <div className="chart">
      <div
        ref={holder}
        className="plot"
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-describedby={hint}
        aria-valuemin={0}
        aria-valuemax={Math.max(0, rows.length - 1)}
        aria-valuenow={row ?? Math.max(0, rows.length - 1)}
        aria-valuetext={said}
        onKeyDown={onKeyDown}
      />
      <p className="readout">{said}</p>
      <p id={hint} className="quiet hint">
        {messages.series.chart.readWith}
      </p>
    </div>
  )
}
