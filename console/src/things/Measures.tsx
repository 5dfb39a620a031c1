import { Link } from '@tanstack/react-router'
import type { Series } from '@/api/schema'
import { Calendar } from '@/charts/Calendar'
import { choiceOf, type Asked } from '@/charts/period'
import { PeriodChooser } from '@/charts/PeriodChooser'
import { PeriodView } from '@/charts/PeriodView'
import { Ago } from '@/design/Ago'
import { useNow } from '@/design/now'
import { useSpeech } from '@/language'
import type { Latest } from '@/observations/latest'
import { usePropertyName } from '@/observations/properties'
import { Value } from '@/observations/values'
import { DRAWN_TOGETHER, MESSAGES } from '@/things/measured'

/** What the address says of what is shown. */
export type Shown = Asked & { series?: number }

type Props = { series: Series[]; latest: Latest; shown: Shown; onShown: (shown: Shown) => void }

/** The newest value of each series of a thing; the one chosen drawn over a period, then over a year. */
export function Measures({ series: all, latest, shown, onShown }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.things
  const now = useNow()
  const series = all.filter((one) => one.observed_property !== MESSAGES)
  const first = series.find((one) => !ASIDE.includes(one.observed_property)) ?? series[0]
  const chosen = series.find((one) => one.id === shown.series) ?? first
  if (chosen === undefined) {
    return (
      <div className="empty">
        <p>{words.noSeries}</p>
        <p className="quiet">{words.noSeriesDetail}</p>
      </div>
    )
  }
  const newest = latest.get(chosen.id)?.time ?? null
  const choice = choiceOf(shown, newest, now, formats.zone)
  const move = (to: Asked) => onShown({ ...shown, period: choice.period, ...to })
  const together = series.filter((one) => DRAWN_TOGETHER.includes(one.value_kind)).slice(0, 8)
  return (
    <section className="part" aria-labelledby="measures">
      <div className="heading">
        <h2 id="measures">{words.chart}</h2>
        {together.length > 0 && (
          <Link to="/explore" search={{ series: together.map((one) => one.id) }}>
            {words.explore}
          </Link>
        )}
      </div>
      <div className="values-now" role="group" aria-label={words.which}>
        {series.map((one) => (
          <Newest
            key={one.id}
            series={one}
            latest={latest}
            chosen={one.id === chosen.id}
            onChosen={() => onShown({ ...shown, series: one.id })}
          />
        ))}
      </div>
      <PeriodChooser choice={choice} newest={newest} now={now} onChosen={move} />
      <PeriodView
        key={`${chosen.id} ${choice.period} ${choice.until}`}
        series={chosen}
        choice={choice}
        onMoved={move}
      />
      {DRAWN_TOGETHER.includes(chosen.value_kind) && <Calendar key={chosen.id} series={chosen} />}
    </section>
  )
}

/** What a device tells of itself: shown, but not first. */
const ASIDE = ['battery', 'signal-strength']

type NewestProps = { series: Series; latest: Latest; chosen: boolean; onChosen: () => void }

function Newest({ series, latest, chosen, onChosen }: NewestProps) {
  const { messages } = useSpeech()
  const propertyName = usePropertyName()
  const observation = latest.get(series.id)
  return (
    <button type="button" className="value-now" aria-pressed={chosen} onClick={onChosen} title={series.name}>
      <span className="what">{propertyName(series.observed_property)}</span>
      <Value observation={observation} series={series} />
      <span className="quiet">
        {observation ? <Ago when={observation.time} /> : messages.freshness.never}
      </span>
    </button>
  )
}
