import { useState } from 'react'
import type { Series } from '@/api/schema'
import { useFormats, useMessages } from '@/language'
import { Quality, Value } from '@/observations/values'
import type { Drawing, Row } from '@/charts/drawing'

const PAGE = 50
const HOUR = 3_600_000

/** What the chart draws, in figures, the newest first. */
export function ValueTable({
  drawing,
  series,
  caption,
}: {
  drawing: Drawing
  series: Series
  caption: string
}) {
  const messages = useMessages()
  const { columns } = messages.series
  const formats = useFormats()
  const [shown, setShown] = useState(PAGE)
  const newest = drawing.rows.toReversed()
  const measures = drawing.shape === 'measures'
  const figures = drawing.shape === 'range' ? (['value', 'min', 'max'] as const) : (['value'] as const)
  const heads = {
    value: drawing.shape === 'delta' ? columns.delta : columns.mean,
    min: columns.min,
    max: columns.max,
  }

  return (
    <>
      <div className="scroll" tabIndex={0} role="group" aria-label={caption}>
        <table>
          <caption className="unseen">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{measures ? columns.time : columns.start}</th>
              {measures ? (
                <th scope="col" className="number">
                  {columns.value}
                </th>
              ) : (
                figures.map((figure) => (
                  <th key={figure} scope="col" className="number">
                    {heads[figure]}
                  </th>
                ))
              )}
              <th scope="col">{measures ? columns.quality : columns.doubtful}</th>
            </tr>
          </thead>
          <tbody>
            {newest.slice(0, shown).map((row) => (
              <tr key={row.start.getTime()}>
                <th scope="row">
                  <time dateTime={row.start.toISOString()}>{inWords(row)}</time>
                </th>
                {row.observation ? (
                  <MeasureCells row={row} series={series} />
                ) : (
                  <>
                    {figures.map((figure) => (
                      <td key={figure} className="number">
                        {figureOf(row[figure])}
                      </td>
                    ))}
                    <td>{row.doubtful > 0 ? formats.integer(row.doubtful) : ''}</td>
                  </>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {newest.length > shown && (
        <button type="button" className="button" onClick={() => setShown(shown + 4 * PAGE)}>
          {messages.collectivity.more(formats.integer(Math.min(4 * PAGE, newest.length - shown)))}
        </button>
      )}
    </>
  )

  function inWords({ start, end }: Row): string {
    const daily = end !== null && end.getTime() - start.getTime() > 2 * HOUR
    return daily ? formats.day(start) : formats.moment(start)
  }

  function figureOf(value: number | null): string {
    return value === null ? messages.none : formats.quantity(value, series.unit)
  }
}

function MeasureCells({ row, series }: { row: Row; series: Series }) {
  if (row.observation === null) return null
  return (
    <>
      <td className="number">
        <Value observation={row.observation} series={series} />
      </td>
      <td>
        <Quality of={row.observation.quality} />
      </td>
    </>
  )
}
