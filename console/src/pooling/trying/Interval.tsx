import type { MeasuredEffect } from '@/api/schema'
import { useSpeech } from '@/language'
import { ticksOf } from '@/pooling/Cash'
import { signed } from '@/pooling/trying/told'

const [WIDTH, HEIGHT] = [960, 168]
const MARGIN = { left: 84, right: 84 }
const LINE = 84

/** The effect as a point on its interval, beside nought: what touches nought is not told from chance. */
export function Interval({ effect }: { effect: MeasuredEffect }) {
  const { messages, formats } = useSpeech()
  const words = messages.experiments
  if (effect.effect == null || effect.low == null || effect.high == null) return null
  const told = (value: number) => signed(formats, value, effect.unit)
  const ticks = ticksOf(Math.min(0, effect.low), Math.max(0, effect.high))
  const [least, most] = [ticks[0] ?? 0, ticks.at(-1) ?? 1]
  const x = (value: number) =>
    MARGIN.left + ((WIDTH - MARGIN.left - MARGIN.right) * (value - least)) / (most - least || 1)
  const [low, at, high] = [x(effect.low), x(effect.effect), x(effect.high)]
  return (
    <svg
      className="interval"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={words.intervalLabel(told(effect.effect), told(effect.low), told(effect.high))}
    >
      {ticks.map((tick) => (
        <g key={tick}>
          <line className={tick === 0 ? 'zero' : 'grid'} x1={x(tick)} x2={x(tick)} y1={44} y2={124} />
          <text x={x(tick)} y={158} textAnchor="middle">
            {tick === 0 ? '0' : told(tick)}
          </text>
        </g>
      ))}
      <text x={x(0)} y={32} textAnchor={x(0) > WIDTH / 2 ? 'end' : 'start'}>
        {words.noEffect}
      </text>
      <line className="reach" x1={low} x2={high} y1={LINE} y2={LINE} />
      {[low, high].map((end) => (
        <line key={end} className="reach" x1={end} x2={end} y1={LINE - 12} y2={LINE + 12} />
      ))}
      <circle className="at" cx={at} cy={LINE} r={9} />
    </svg>
  )
}
