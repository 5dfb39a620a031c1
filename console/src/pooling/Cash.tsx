import type { Plan } from '@/api/schema'
import { useSpeech } from '@/language'
import { numberOf, rankOf, yearOf } from '@/pooling/quarters'

const [WIDTH, HEIGHT] = [960, 260]
const MARGIN = { left: 92, right: 16, top: 16, bottom: 32 }

/** Cumulative cash of everybody together, with its figures behind. */
export function Cash({ plan }: { plan: Plan }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.programme
  const said = (name: string) => words.quarter(String(rankOf(numberOf(name))), String(yearOf(numberOf(name))))
  const cash = plan.cash
  const last = cash.at(-1)
  if (last === undefined) return null
  const low = cash.reduce((least, one) => (one.cumulative < least.cumulative ? one : least), last)
  return (
    <section className="part">
      <h2>{words.cash}</h2>
      <p className="large">
        {words.cashSaid(formats.euros(low.cumulative), said(low.quarter), formats.euros(last.cumulative))}
      </p>
      <div className="wide" tabIndex={0} role="region" aria-label={words.cash}>
        <Curve plan={plan} />
      </div>
      <p className="quiet">{words.cashOnly}</p>
      <details>
        <summary>{words.cashTable}</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label={words.cashTable}>
          <table>
            <thead>
              <tr>
                <th scope="col">{messages.pooling.year}</th>
                {[words.spent, words.subsidies, words.saved, words.cumulative].map((title) => (
                  <th scope="col" key={title} className="number">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {cash.map((one) => (
                <tr key={one.quarter}>
                  <th scope="row">{said(one.quarter)}</th>
                  <td className="number">
                    {formats.euros(one.works + one.setups + one.running + one.penalties)}
                  </td>
                  <td className="number">{formats.euros(one.subsidies)}</td>
                  <td className="number">{formats.euros(one.saved)}</td>
                  <td className="number value">{formats.euros(one.cumulative)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  )
}

function Curve({ plan }: { plan: Plan }) {
  const { messages, formats } = useSpeech()
  const values = plan.cash.map((one) => one.cumulative)
  const worth = plan.cash.map(
    (one, place) =>
      one.cumulative + plan.cash.slice(0, place + 1).reduce((sum, each) => sum + each.benefits, 0),
  )
  const [low, high] = [Math.min(0, ...values, ...worth), Math.max(0, ...values, ...worth)]
  const ticks = ticksOf(low, high)
  const [least, most] = [ticks[0] ?? 0, ticks.at(-1) ?? 1]
  const x = (place: number) =>
    MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * (place + 1)) / Math.max(1, values.length)
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - ((HEIGHT - MARGIN.top - MARGIN.bottom) * (value - least)) / (most - least || 1)
  const through = (amounts: number[]) =>
    [[MARGIN.left, y(0)], ...amounts.map((amount, place) => [x(place), y(amount)])]
      .map((point) => point.join(','))
      .join(' ')
  const years = plan.cash.flatMap((one, place) =>
    one.quarter.endsWith('Q4') ? [[one.quarter.slice(0, 4), place] as const] : [],
  )
  return (
    <svg
      className="cash"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={messages.pooling.programme.cashLabel}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line
            className={tick === 0 ? 'zero' : 'grid'}
            x1={MARGIN.left}
            x2={WIDTH - MARGIN.right}
            y1={y(tick)}
            y2={y(tick)}
          />
          <text x={MARGIN.left - 10} y={y(tick) + 5} textAnchor="end">
            {formats.euros(tick)}
          </text>
        </g>
      ))}
      {years.map(([year, place], rank) => (
        <text
          key={year}
          x={x(place) - 10}
          y={HEIGHT - 8}
          textAnchor="end"
          className={rank % 2 === 1 && years.length > 6 ? 'besides' : ''}
        >
          {year}
        </text>
      ))}
      <polyline className="line worth" points={through(worth)} />
      <polyline className="line" points={through(values)} />
    </svg>
  )
}

/** Round figures around what is drawn. */
export function ticksOf(low: number, high: number): number[] {
  const rough = (high - low || 1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10)
  const [first, last] = [Math.floor(low / step), Math.ceil(high / step)]
  return Array.from({ length: last - first + 1 }, (_, place) => (first + place) * step)
}
