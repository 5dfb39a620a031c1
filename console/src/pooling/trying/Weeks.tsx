import type { MeasuredEffect, Week } from '@/api/schema'
import { useSpeech } from '@/language'
import { ticksOf } from '@/pooling/Cash'
import { dayOf } from '@/pooling/days'
import { stretches } from '@/pooling/trying/weeks'

const [WIDTH, HEIGHT] = [960, 340]
const MARGIN = { left: 124, right: 16, top: 44, bottom: 48 }
/** Weeks' room between the two periods, at most, and the part of the whole that it takes at most. */
const [APART, PART] = [2, 1 / 8]

/** Both groups before and after, week by week; gaps are gaps, and the periods stand apart. */
export function Weeks({ effect }: { effect: MeasuredEffect }) {
  const { messages, formats } = useSpeech()
  const words = messages.experiments
  const units = (count: number) => formats.integer(count)
  const said = words.chartLabel(units(effect.cohort.counted), units(effect.comparison.counted))
  const figure = (value: number | null | undefined) =>
    value == null ? '—' : formats.quantity(value, effect.unit)
  if (!effect.weeks.some((one) => one.cohort != null)) return null
  return (
    <section className="part">
      <h2>{words.chart}</h2>
      <div className="wide" tabIndex={0} role="region" aria-label={words.chart}>
        <Curves effect={effect} label={said} />
      </div>
      <p className="quiet">{said}</p>
      <details>
        <summary>{words.chartTable}</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label={words.chartTable}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.week}</th>
                <th scope="col" className="number">
                  {words.cohort}
                </th>
                <th scope="col" className="number">
                  {words.comparison}
                </th>
              </tr>
            </thead>
            <tbody>
              {effect.weeks.map((one) => (
                <tr key={one.start}>
                  <th scope="row">{formats.date(dayOf(one.start))}</th>
                  <td className="number">{figure(one.cohort)}</td>
                  <td className="number">{figure(one.comparison)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  )
}

function Curves({ effect, label }: { effect: MeasuredEffect; label: string }) {
  const { messages, formats } = useSpeech()
  const words = messages.experiments
  const { weeks } = effect
  const values = weeks.flatMap((one) => [one.cohort, one.comparison]).filter((one) => one != null)
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const ticks = ticksOf(effect.way === 'growth' ? Math.min(0, low) : low, high)
  const [least, most] = [ticks[0] ?? 0, ticks.at(-1) ?? 1]
  const opens = weeks.findIndex((one) => one.start >= effect.after.first)
  const before = opens === -1 ? weeks.length : opens
  const apart = opens > 0 ? Math.min(APART, weeks.length * PART) : 0
  const room = weeks.length - 1 + apart
  const x = (place: number) =>
    MARGIN.left +
    ((WIDTH - MARGIN.left - MARGIN.right) * (place + (place >= before ? apart : 0))) / Math.max(1, room)
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - ((HEIGHT - MARGIN.top - MARGIN.bottom) * (value - least)) / (most - least || 1)
  const paths = (of: (week: Week) => number | null | undefined) =>
    stretches(weeks, before, of).map((stretch) =>
      stretch.map(([place, value]) => `${x(place)},${y(value)}`).join(' '),
    )
  const middle = (x(before - 1) + x(Math.min(before, weeks.length - 1))) / 2
  const dates = [0, before - 1, before, weeks.length - 1].filter(
    (place, rank, all) => place >= 0 && place < weeks.length && all.indexOf(place) === rank,
  )
  return (
    <svg className="weeks" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {ticks.map((tick) => (
        <g key={tick}>
          <line className="grid" x1={MARGIN.left} x2={WIDTH - MARGIN.right} y1={y(tick)} y2={y(tick)} />
          <text x={MARGIN.left - 10} y={y(tick) + 5} textAnchor="end">
            {formats.quantity(tick, effect.unit)}
          </text>
        </g>
      ))}
      <line className="zero" x1={middle} x2={middle} y1={MARGIN.top - 8} y2={HEIGHT - MARGIN.bottom} />
      <text x={middle - 12} y={28} textAnchor="end">
        {words.before}
      </text>
      <text x={middle + 12} y={28}>
        {words.after}
      </text>
      {dates.map((place) => (
        <text
          key={place}
          className={place === 0 || place === weeks.length - 1 ? '' : 'besides'}
          x={x(place)}
          y={HEIGHT - 10}
          textAnchor={place === before - 1 || place === weeks.length - 1 ? 'end' : 'start'}
        >
          {formats.shortDay(dayOf(weeks[place]?.start ?? ''))}
        </text>
      ))}
      {paths((one) => one.comparison).map((points) => (
        <polyline key={points} className="line beside" points={points} />
      ))}
      {paths((one) => one.cohort).map((points) => (
        <polyline key={points} className="line" points={points} />
      ))}
    </svg>
  )
}
