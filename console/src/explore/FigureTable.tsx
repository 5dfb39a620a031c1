import { useMemo, useState } from 'react'
import type { Row } from '@/charts/drawing'
import { useSpeech } from '@/language'
import type { Curve } from '@/charts/curves'

const PAGE = 50

type Props = { curves: Curve[]; resolution: string; earlier: string }

/** What the curves draw, in figures, the newest first: a row an instant, a column a curve. */
export function FigureTable({ curves, resolution, earlier }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.explore
  const [shown, setShown] = useState(PAGE)
  const times = useMemo(() => startsOf(curves), [curves])
  const rows = useMemo(
    () => curves.map((curve) => new Map(curve.rows.map((row) => [secondsOf(row), row]))),
    [curves],
  )
  const daily = ['1d', '1w', '1mo'].includes(resolution)
  return (
    <section className="period" aria-labelledby="figures">
      <h2 id="figures">{words.table}</h2>
      <div className="scroll" tabIndex={0} role="group" aria-labelledby="figures">
        <table>
          <thead>
            <tr>
              <th scope="col">{words.instant}</th>
              {curves.map(({ series, earlier: days }) => (
                <th key={`${series.id} ${days}`} scope="col" className="number">
                  {series.name}
                  {days > 0 && ` (${earlier})`}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {times.slice(0, shown).map((seconds) => {
              const when = new Date(seconds * 1000)
              return (
                <tr key={seconds}>
                  <th scope="row">
                    <time dateTime={when.toISOString()}>
                      {daily ? formats.day(when) : formats.moment(when)}
                    </time>
                  </th>
                  {curves.map((curve, place) => (
                    <td key={`${curve.series.id} ${curve.earlier}`} className="number">
                      {figureAt(curve, place, seconds)}
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      {times.length > shown && (
        <button type="button" className="button" onClick={() => setShown(shown + 4 * PAGE)}>
          {words.more(formats.integer(Math.min(4 * PAGE, times.length - shown)))}
        </button>
      )}
    </section>
  )

  function figureAt(curve: Curve, place: number, seconds: number): string {
    const row = rows[place]?.get(seconds)
    if (row?.value == null) return ''
    const doubt = row.doubtful > 0 ? ` (${messages.series.legend.doubtful})` : ''
    return `${formats.quantity(row.value, curve.series.unit)}${doubt}`
  }
}

const secondsOf = (row: Row) => row.start.getTime() / 1000

function startsOf(curves: Curve[]): number[] {
  return [...new Set(curves.flatMap((curve) => curve.rows.map(secondsOf)))].sort((one, other) => other - one)
}
