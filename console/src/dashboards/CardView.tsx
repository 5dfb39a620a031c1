import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Card } from '@/api/schema'
import { broken, curvesQuery, nearest, positionOf, type Described, type Drawn } from '@/charts/curves'
import { usualStep } from '@/charts/drawing'
import { spanOf, type Period } from '@/charts/period'
import { resolutionOf } from '@/charts/resolution'
import { Together } from '@/charts/Together'
import type { Lane } from '@/charts/together'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { useSpeech } from '@/language'
import { observationAt } from '@/observations/columns'
import { latestFrom, type Source } from '@/observations/source'
import { Value } from '@/observations/values'

const MINUTE = 60_000
/** Pixels, for how finely it is drawn. */
const PER_COLUMN = 400
const TALL = 260

type Props = { card: Card; series: Described[]; source: Source; period: Period | null }

/** What a card shows, by the eyes of whoever `source` says. */
export function CardView({ card, series, source, period }: Props) {
  const { messages } = useSpeech()
  const words = messages.dashboards.card
  if (card.kind === 'text') return <p className="card-text">{card.text}</p>
  if (series.length === 0) return <p className="quiet">{words.hidden}</p>
  if (card.kind === 'value') return <Values series={series} source={source} />
  return <Curves card={card} series={series} source={source} period={period ?? card.period ?? 'week'} />
}

function Values({ series, source }: { series: Described[]; source: Source }) {
  const { messages } = useSpeech()
  const ids = series.map((one) => one.id)
  const latest = useQuery({
    queryKey: ['card', 'latest', source, ids],
    queryFn: async ({ signal }) => {
      const columns = await latestFrom(source, ids, signal)
      return new Map(columns.series.map((id, row) => [id, observationAt(columns, row)]))
    },
    refetchInterval: MINUTE,
  })
  return (
    <Answer query={latest} lines={2}>
      {(known) => (
        <dl className="card-values">
          {series.map((one) => {
            const observation = known.get(one.id)
            return (
              <div key={one.id}>
                <dt>{one.name}</dt>
                <dd>
                  <Value observation={observation} series={one} />{' '}
                  <span className="quiet">
                    {observation ? <Ago when={observation.time} /> : messages.freshness.never}
                  </span>
                </dd>
              </div>
            )
          })}
        </dl>
      )}
    </Answer>
  )
}

function Curves({ card, series, source, period }: Props & { period: Period }) {
  const { formats } = useSpeech()
  const width = PER_COLUMN * (card.width ?? 1)
  const span = spanOf({ period, until: null }, new Date(), formats.zone)
  const wanted = {
    series,
    span,
    resolution: resolutionOf('auto', span, width),
    figure: 'mean' as const,
    earlier: 0,
    width,
    zone: formats.zone,
    source,
  }
  const drawn = useQuery({
    ...curvesQuery(wanted, ['card', period]),
    refetchInterval: 5 * MINUTE,
    placeholderData: keepPreviousData,
  })
  return (
    <Answer query={drawn} lines={6}>
      {(known) => <Picture card={card} drawn={known} />}
    </Answer>
  )
}

function Picture({ card, drawn: { curves, span, resolution } }: { card: Card; drawn: Drawn }) {
  const { messages, formats } = useSpeech()
  const words = messages.dashboards
  const lanes = useMemo(
    () =>
      curves.map(({ series, rows }, place): Lane => ({
        key: String(series.id),
        name: series.name,
        unit: series.unit,
        place,
        dashed: false,
        counter: resolution !== 'raw' && series.value_kind === 'counter',
        rows: broken(rows),
      })),
    [curves, resolution],
  )
  if (curves.every(({ rows }) => rows.length === 0)) return <p className="quiet">{words.card.none}</p>
  const title = card.title ?? ''
  return (
    <>
      <Together
        lanes={lanes}
        span={span}
        tall={TALL}
        label={words.label(title === '' ? words.card.untitled : title)}
        hint=""
        point={messages.series.chart.point}
        positionOf={positionOf}
        inWords={inWords}
      />
      <ul className="legend chart-legend">
        {curves.map(({ series }, place) => (
          <li key={series.id}>
            <span className={`swatch stroke apart-${place + 1}`} aria-hidden="true" />
            {series.name}
            {series.unit !== '' && ` (${series.unit})`}
          </li>
        ))}
      </ul>
    </>
  )

  function inWords(seconds: number): string {
    const told = curves.map(({ series, rows }, place) => {
      const row = nearest(rows, seconds, lanes[place]?.counter ?? false, usualStep(rows))
      const value = row?.value == null ? messages.series.chart.gap : formats.quantity(row.value, series.unit)
      return `${series.name} ${value}`
    })
    return messages.colon(formats.moment(new Date(seconds * 1000)), told.join(messages.semicolon))
  }
}
