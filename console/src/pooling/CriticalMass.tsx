import type { GroupSize, Proposed } from '@/api/schema'
import { useSpeech } from '@/language'
import { ticksOf } from '@/pooling/Cash'
import { useNames } from '@/pooling/names'

const [WIDTH, HEIGHT] = [960, 260]
const MARGIN = { left: 92, right: 16, top: 16, bottom: 40 }

/** From how many members it pays: in words, as a curve by size, and its table. */
export function CriticalMass({ proposal }: { proposal: Proposed }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  const { critical } = proposal
  const drawn = critical.sizes.filter((one) => one.saving != null)
  const bounded = proposal.method === 'bounded'
  return (
    <section className="part">
      <h2>{words.critical}</h2>
      <p className="large">
        {critical.size == null
          ? words.neverPays
          : words.paysFrom(formats.integer(critical.size), formats.euros(Number(critical.saving)))}
      </p>
      {critical.size != null && (
        <p>
          {critical.proven ? words.provenMass : words.unprovenMass(formats.integer(critical.least ?? 2))}{' '}
          {critical.members.length > 0 && words.smallest(critical.members.map(names.member).join(', '))}
        </p>
      )}
      {drawn.length > 1 && (
        <>
          <div className="wide" tabIndex={0} role="region" aria-label={words.critical}>
            <Curve sizes={drawn} from={critical.size ?? null} />
          </div>
          <p className="quiet">{words.massExplained}</p>
        </>
      )}
      <details>
        <summary>{words.massTable}</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label={words.massTable}>
          <table>
            <thead>
              <tr>
                <th scope="col" className="number">
                  {words.size}
                </th>
                <th scope="col" className="number">
                  {words.best}
                </th>
                {bounded && (
                  <th scope="col" className="number">
                    {words.atMost}
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {critical.sizes.map((one) => (
                <tr key={one.size}>
                  <th scope="row" className="number">
                    {formats.integer(one.size)}
                  </th>
                  <td className="number value">{amount(one.saving)}</td>
                  {bounded && <td className="number">{amount(one.bound)}</td>}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  )

  function amount(value: string | null | undefined): string {
    return value == null ? words.impossible : formats.euros(Number(value))
  }
}

function Curve({ sizes, from }: { sizes: GroupSize[]; from: number | null }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  const values = sizes.map((one) => Number(one.saving))
  const ticks = ticksOf(Math.min(0, ...values), Math.max(0, ...values))
  const [least, most] = [ticks[0] ?? 0, ticks.at(-1) ?? 1]
  const [first, last] = [sizes[0]?.size ?? 2, sizes.at(-1)?.size ?? 2]
  const x = (size: number) =>
    MARGIN.left +
    14 +
    ((WIDTH - MARGIN.left - MARGIN.right - 28) * (size - first)) / Math.max(1, last - first)
  const y = (value: number) =>
    HEIGHT - MARGIN.bottom - ((HEIGHT - MARGIN.top - MARGIN.bottom) * (value - least)) / (most - least || 1)
  const every = Math.ceil(sizes.length / 16)
  const points = sizes.map((one) => `${x(one.size)},${y(Number(one.saving))}`).join(' ')
  return (
    <svg className="cash" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.massLabel}>
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
      {sizes.map(
        (one, place) =>
          place % every === 0 && (
            <text key={one.size} x={x(one.size)} y={HEIGHT - 22} textAnchor="middle">
              {formats.integer(one.size)}
            </text>
          ),
      )}
      <text x={WIDTH - MARGIN.right} y={HEIGHT - 4} textAnchor="end">
        {words.size}
      </text>
      <polyline className="line" points={points} />
      {sizes
        .filter((one) => one.size === from)
        .map((one) => (
          <circle key={one.size} className="mark" cx={x(one.size)} cy={y(Number(one.saving))} r={7} />
        ))}
    </svg>
  )
}
