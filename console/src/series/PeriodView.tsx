import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Series } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { csvOf } from '@/observations/columns'
import { valueInWords } from '@/observations/values'
import { Chart } from '@/series/Chart'
import { drawingOf, shapeOf, spanOf, type Drawing, type Period, type Row } from '@/series/drawing'
import { ValueTable } from '@/series/ValueTable'

const MINUTE = 60_000
const DRAWN = ['number', 'counter', 'boolean']

/** What is drawn of a series over a period, and until when it was asked. */
export const drawingQuery = (series: Series, period: Period, zone: string) =>
  queryOptions({
    queryKey: ['drawing', series.id, period, zone],
    queryFn: async ({ signal }) => {
      const end = new Date()
      return { end, drawing: await drawingOf(series, period, spanOf(period, end, zone), signal) }
    },
    refetchInterval: 5 * MINUTE,
  })

export function PeriodView({ series, period }: { series: Series; period: Period }) {
  const { messages, formats } = useSpeech()
  const words = messages.series
  const charted = useQuery(drawingQuery(series, period, formats.zone))
  const title = captionOf()
  const yesOrNo = useMemo<[string, string] | null>(
    () => (series.value_kind === 'boolean' ? [words.no, words.yes] : null),
    [series.value_kind, words],
  )

  return (
    <section className="period" aria-labelledby="chart">
      <h2 id="chart">{title}</h2>
      <Answer query={charted} lines={6}>
        {({ drawing, end }) =>
          drawing.rows.every((row) => row.value === null && row.observation === null) ? (
            <p className="empty">{words.noneInPeriod}</p>
          ) : (
            <>
              {DRAWN.includes(series.value_kind) ? (
                <>
                  <Legend drawing={drawing} unit={series.unit} />
                  <Chart
                    drawing={drawing}
                    span={[startOf(drawing, end), end]}
                    words={yesOrNo}
                    label={`${words.chart.read} : ${series.name}`}
                    inWords={inWords}
                  />
                </>
              ) : (
                <p className="quiet">{words.notDrawn}</p>
              )}
              <p className="quiet">{messages.zone(formats.zone)}</p>
              <Download series={series} period={period} />
              <h2>{words.table}</h2>
              <ValueTable
                drawing={drawing}
                series={series}
                caption={words.tableCaption(series.name, words.over[period])}
              />
            </>
          )
        }
      </Answer>
    </section>
  )

  function captionOf(): string {
    const shape = shapeOf(series, period)
    if (shape === 'measures') return words.chart.each(words.over[period])
    if (shape === 'delta') return words.chart[`${period}Delta`]
    return words.chart[period === 'week' ? 'week' : 'month']
  }

  function startOf(drawing: Drawing, end: Date): Date {
    const { start } = spanOf(period, end, formats.zone)
    return start instanceof Date ? start : (drawing.rows[0]?.start ?? end)
  }

  function inWords(row: Row): string {
    const when = row.end === null || period !== 'month' ? formats.moment(row.start) : formats.day(row.start)
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

function Download({ series, period }: { series: Series; period: Period }) {
  const { messages, formats } = useSpeech()
  const file = useMutation({
    mutationFn: async () =>
      save(await csvOf(series.id, spanOf(period, new Date(), formats.zone)), nameOf(series)),
  })
  return (
    <div className="download">
      <button type="button" className="button" disabled={file.isPending} onClick={() => file.mutate()}>
        {file.isPending ? messages.series.preparing : messages.series.csv}
      </button>
      <span className="quiet">{messages.series.csvHint(messages.series.over[period])}</span>
      {file.isError && <Trouble error={file.error} />}
    </div>
  )
}

function nameOf(series: Series): string {
  return `${series.owner}-${series.code}`.replaceAll(/[^\w.-]+/g, '-')
}

function save(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = `${name}.csv`
  link.click()
  URL.revokeObjectURL(address)
}
