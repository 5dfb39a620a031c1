import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo, useRef } from 'react'
import type { Series } from '@/api/schema'
import { choiceOf } from '@/charts/period'
import { PeriodChooser } from '@/charts/PeriodChooser'
import { Together } from '@/charts/Together'
import type { Lane } from '@/charts/together'
import { usualStep } from '@/charts/drawing'
import { Answer } from '@/design/Answer'
import { useNow } from '@/design/now'
import { useWidth } from '@/design/width'
import { useSpeech } from '@/language'
import { broken, curvesQuery, nearest, positionOf, type Curve, type Drawn } from '@/charts/curves'
import { Controls } from '@/explore/Controls'
import { resolutionOf } from '@/charts/resolution'
import { daysEarlier, spanShown, without, zoomed, type Explored } from '@/explore/explored'
import { FigureTable } from '@/explore/FigureTable'
import { Files } from '@/explore/Files'
import { Pin } from '@/explore/Pin'
import { Summary } from '@/explore/Summary'
import { useLatest } from '@/observations/latest'
import type { Span } from '@/observations/columns'

type Props = { series: Series[]; explored: Explored; onShown: (change: Explored) => void }

/** A bucket's width in pixels is asked of the server by steps of this much, so that a window resized asks little. */
const WIDTHS = 200

export function Drawing({ series, explored, onShown }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.explore
  const now = useNow()
  const holder = useRef<HTMLDivElement>(null)
  const width = Math.max(WIDTHS, Math.round(useWidth(holder, 1000) / WIDTHS) * WIDTHS)
  const { latest } = useLatest({ series: series.map((one) => one.id) })
  const newest = newestOf(series.flatMap((one) => latest.data?.get(one.id)?.time ?? []))
  const choice = choiceOf(explored, newest, now, formats.zone)
  const span = spanShown(explored, choice, now, formats.zone)
  const closely = explored.from !== undefined
  const resolution = resolutionOf(explored.every ?? 'auto', span, width)
  const earlier = explored.compare ? daysEarlier(explored.compare, span) : 0
  const key = closely || choice.until !== null ? [span.start, span.end] : [choice.period, span.start]
  const drawn = useQuery({
    ...curvesQuery(
      {
        series,
        span,
        resolution,
        figure: explored.of ?? 'mean',
        earlier,
        width,
        zone: formats.zone,
        source: null,
      },
      key,
    ),
    placeholderData: keepPreviousData,
    enabled: !latest.isPending,
  })
  const look = ({ start, end }: Span) =>
    onShown({ ...explored, period: choice.period, from: start.toISOString(), to: end.toISOString() })
  const zoom = (factor: number) => look(zoomed(span, factor))

  return (
    <div ref={holder} className="period">
      <PeriodChooser
        choice={choice}
        newest={newest}
        now={now}
        onChosen={(asked) => onShown({ ...without(explored, 'from', 'to'), period: choice.period, ...asked })}
      />
      <Controls
        explored={explored}
        span={span}
        onShown={onShown}
        onZoomed={zoom}
        onWhole={() => onShown(without(explored, 'from', 'to'))}
      />
      <Answer query={drawn} lines={10}>
        {(known) => (
          <Picture
            drawn={known}
            series={series}
            explored={explored}
            label={words.label(series.map((one) => one.name).join(', '))}
            onSpan={look}
            onZoom={zoom}
          />
        )}
      </Answer>
      <Pin series={series} period={choice.period} />
    </div>
  )
}

type PictureProps = {
  drawn: Drawn
  series: Series[]
  explored: Explored
  label: string
  onSpan: (span: Span) => void
  onZoom: (factor: number) => void
}

function Picture({ drawn, series, explored, label, onSpan, onZoom }: PictureProps) {
  const { messages, formats } = useSpeech()
  const words = messages.explore
  const ids = useMemo(() => explored.series ?? [], [explored.series])
  const { curves, resolution, span } = drawn
  const picture = useRef<HTMLDivElement>(null)
  const lanes = useMemo(
    () =>
      curves.map((curve): Lane => ({
        key: `${curve.series.id} ${curve.earlier}`,
        name: curve.series.name,
        unit: curve.series.unit,
        place: ids.indexOf(curve.series.id),
        dashed: curve.earlier > 0,
        counter: resolution !== 'raw' && curve.series.value_kind === 'counter',
        rows: broken(curve.rows),
      })),
    [curves, resolution, ids],
  )
  const steps = useMemo(() => curves.map((curve) => usualStep(curve.rows)), [curves])
  const empty = curves.every((curve) => curve.rows.length === 0)
  const earlier = explored.compare ? words.earlier[explored.compare] : ''

  return (
    <>
      {empty ? (
        <div className="empty">
          <p>{words.empty}</p>
        </div>
      ) : (
        <div ref={picture}>
          <Together
            lanes={lanes}
            span={span}
            label={label}
            hint={words.hint}
            point={messages.series.chart.point}
            positionOf={positionOf}
            inWords={inWords}
            onSpan={onSpan}
            onZoom={onZoom}
          />
        </div>
      )}
      <ul className="legend chart-legend">
        {series.map((one) => (
          <li key={one.id}>
            <span className={`swatch stroke apart-${ids.indexOf(one.id) + 1}`} aria-hidden="true" />
            {one.name}
            {one.unit !== '' && ` (${one.unit})`}
          </li>
        ))}
        {explored.compare && (
          <li className="quiet">
            {words.legend.earlier} ({earlier})
          </li>
        )}
        {curves.some((curve) => curve.rows.some((row) => row.doubtful > 0)) && (
          <li>
            <span className="swatch hatched" aria-hidden="true" />
            {messages.series.legend.doubtful}
          </li>
        )}
        <li className="quiet">{words.legend.gap}</li>
      </ul>
      <p className="quiet">
        {drawnBy()} {messages.zone(formats.zone)}.
      </p>
      <Files
        series={series}
        drawn={drawn}
        figure={explored.of ?? 'mean'}
        picture={picture}
        places={series.map((one) => ids.indexOf(one.id))}
      />
      <Summary series={series} span={span} compare={explored.compare ?? null} />
      {!empty && <FigureTable curves={curves} resolution={resolution} earlier={earlier} />}
    </>
  )

  function drawnBy(): string {
    const fellBack = explored.every === 'raw' && resolution !== 'raw' ? `${words.tooMany} ` : ''
    if (resolution === 'raw') return words.drawnBy.raw
    const length = new Map(Object.entries(words.lengths)).get(resolution) ?? resolution
    const counters = series.some((one) => one.value_kind === 'counter') ? ` ${words.drawnBy.counters}` : ''
    return `${fellBack}${words.drawnBy.bucket(words.theFigure[explored.of ?? 'mean'], length)}${counters}`
  }

  function inWords(seconds: number): string {
    const when = formats.moment(new Date(seconds * 1000))
    return messages.colon(
      when,
      curves.map((curve, place) => told(curve, place, seconds)).join(messages.semicolon),
    )
  }

  function told(curve: Curve, place: number, seconds: number): string {
    const lane = lanes[place]
    const row = nearest(curve.rows, seconds, lane?.counter ?? false, steps[place])
    const value =
      row?.value == null ? messages.series.chart.gap : formats.quantity(row.value, curve.series.unit)
    const doubt = row && row.doubtful > 0 ? `, ${messages.series.legend.doubtful}` : ''
    return `${curve.series.name}${curve.earlier > 0 ? ` (${earlier})` : ''} ${value}${doubt}`
  }
}

function newestOf(times: Date[]): Date | null {
  return times.length === 0 ? null : new Date(Math.max(...times.map((time) => time.getTime())))
}
