import { useMutation, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Series } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { save } from '@/design/save'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { csvOf, type Span } from '@/observations/columns'
import { valueInWords } from '@/observations/values'
import { Chart } from '@/charts/Chart'
import { chartedQuery } from '@/charts/charted'
import { bucketOf, shapeOf, type Drawing, type Row } from '@/charts/drawing'
import { Neighbours } from '@/charts/Neighbours'
import { spanOf, type Asked, type Choice } from '@/charts/period'
import { ValueTable } from '@/charts/ValueTable'
import { periodInWords } from '@/charts/words'

const DRAWN = ['number', 'counter', 'boolean']

type Props = { series: Series; choice: Choice; onMoved: (asked: Asked) => void }

export function PeriodView({ series, choice, onMoved }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.series
  const charted = useQuery(chartedQuery(series, choice, formats.zone))
  const yesOrNo = useMemo<[string, string] | null>(
    () => (series.value_kind === 'boolean' ? [words.no, words.yes] : null),
    [series.value_kind, words],
  )

  return (
    <section className="period" aria-labelledby="chart">
      <h2 id="chart">{captionOf()}</h2>
      <Answer query={charted} lines={6}>
        {({ drawing, span }) =>
          drawing.rows.every((row) => row.value === null && row.observation === null) ? (
            <Neighbours series={series} period={choice.period} span={span} onMoved={onMoved} />
          ) : (
            <>
              {DRAWN.includes(series.value_kind) ? (
                <>
                  <Legend drawing={drawing} unit={series.unit} />
                  <Chart
                    drawing={drawing}
                    span={span}
                    words={yesOrNo}
                    label={`${words.chart.read} : ${series.name}`}
                    inWords={inWords}
                  />
                </>
              ) : (
                <p className="quiet">{words.notDrawn}</p>
              )}
              <p className="quiet">{messages.zone(formats.zone)}</p>
              <Download series={series} choice={choice} over={inFull(span)} />
              <h2>{words.table}</h2>
              <ValueTable
                drawing={drawing}
                series={series}
                caption={words.tableCaption(series.name, inFull(span))}
              />
            </>
          )
        }
      </Answer>
    </section>
  )

  function captionOf(): string {
    const shape = shapeOf(series, choice.period)
    return shape === 'measures' ? words.chart.measures : words.chart[shape][bucketOf(choice.period)]
  }

  function inFull(span: Span): string {
    return periodInWords(choice, span, messages, formats)
  }

  function inWords(row: Row): string {
    const daily = row.end !== null && bucketOf(choice.period) === 'day'
    const when = daily ? formats.day(row.start) : formats.moment(row.start)
    const value = row.observation
      ? valueInWords(row.observation, series, formats, messages)
      : row.value === null
        ? words.chart.gap
        : formats.quantity(row.value, series.unit)
    const range =
      row.min === null || row.max === null
        ? ''
        : ` (${words.between(formats.number(row.min), formats.quantity(row.max, series.unit))})`
    return `${when} : ${value}${range}${row.doubtful > 0 ? `, ${words.legend.doubtful}` : ''}`
  }
}

function Legend({ drawing, unit }: { drawing: Drawing; unit: string }) {
  const { messages } = useSpeech()
  const words = messages.series.legend
  const main = { measures: words.measure, range: words.mean, delta: words.delta }[drawing.shape]
  return (
    <ul className="legend chart-legend">
      <li>
        <span className={`swatch ${drawing.shape === 'delta' ? 'bar' : 'stroke'}`} aria-hidden="true" />
        {main}
        {unit !== '' && ` (${unit})`}
      </li>
      {drawing.shape === 'range' && (
        <li>
          <span className="swatch band" aria-hidden="true" />
          {words.range}
        </li>
      )}
      {drawing.rows.some((row) => row.doubtful > 0) && (
        <li>
          <span className="swatch hatched" aria-hidden="true" />
          {words.doubtful}
        </li>
      )}
      {drawing.shape !== 'delta' && <li className="quiet">{words.gap}</li>}
    </ul>
  )
}

function Download({ series, choice, over }: { series: Series; choice: Choice; over: string }) {
  const { messages, formats } = useSpeech()
  const file = useMutation({
    mutationFn: async () =>
      save(await csvOf(series.id, spanOf(choice, new Date(), formats.zone)), `${nameOf(series)}.csv`),
  })
  return (
    <div className="download">
      <button type="button" className="button" disabled={file.isPending} onClick={() => file.mutate()}>
        {file.isPending ? messages.series.preparing : messages.series.csv}
      </button>
      <span className="quiet">{messages.series.csvHint(over)}</span>
      {file.isError && <Trouble error={file.error} />}
    </div>
  )
}

function nameOf(series: Series): string {
  return `${series.owner}-${series.code}`.replaceAll(/[^\w.-]+/g, '-')
}
