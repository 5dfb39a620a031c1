import { useEffect, useId, useRef } from 'react'
import { useSpeech } from '@/language'
import {
  dayOf,
  FIRST_DAY,
  isDay,
  PERIODS,
  spanOf,
  stepped,
  type Asked,
  type Choice,
  type Day,
} from '@/charts/period'
import { periodInWords } from '@/charts/words'

type Props = { choice: Choice; newest: Date | null; now: Date; onChosen: (asked: Asked) => void }

/** Which period is shown, in words, and the ways to another: its length, a step earlier or later, its last day. */
export function PeriodChooser({ choice, newest, now, onChosen }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.series
  const { period } = choice
  const today = dayOf(now, formats.zone)
  const until = choice.until ?? today
  const newestDay = newest === null ? today : dayOf(newest, formats.zone)
  const last = newestDay > today ? newestDay : today
  const length = words.periods[period]

  return (
    <div className="periods">
      <div className="choices" role="group" aria-label={words.period}>
        {PERIODS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === period}
            onClick={() => onChosen({ period: one })}
          >
            {words.periods[one]}
          </button>
        ))}
      </div>
      <div className="steps">
        <button
          type="button"
          className="button"
          aria-label={words.earlierBy(length)}
          aria-disabled={until <= FIRST_DAY}
          onClick={() => goTo(stepped(until, period, -1))}
        >
          <span aria-hidden="true">‹ </span>
          {words.earlier}
        </button>
        <button
          type="button"
          className="button"
          aria-label={words.laterBy(length)}
          aria-disabled={until >= last}
          onClick={() => goTo(stepped(until, period, 1))}
        >
          {words.later}
          <span aria-hidden="true"> ›</span>
        </button>
      </div>
      <LastDay label={words.until} day={until} last={last} onChosen={goTo} />
      <p className="shown" aria-live="polite">
        {periodInWords(choice, spanOf(choice, now, formats.zone), messages, formats)}
      </p>
    </div>
  )

  /** Never beyond what can hold data. */
  function goTo(day: Day) {
    const wanted = day > last ? last : day < FIRST_DAY ? FIRST_DAY : day
    if (wanted !== until) onChosen({ until: wanted })
  }
}

type LastDayProps = { label: string; day: Day; last: Day; onChosen: (day: Day) => void }

/** A date to type or pick. While it is being typed (the year 0002, 0020…), nothing moves. */
function LastDay({ label, day, last, onChosen }: LastDayProps) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current) input.current.value = day
  }, [day])
  return (
    <div className="field until">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={input}
        type="date"
        required
        min={FIRST_DAY}
        max={last}
        defaultValue={day}
        onChange={({ target }) => {
          if (target.validity.valid && isDay(target.value)) onChosen(target.value)
        }}
        onBlur={({ target }) => {
          target.value = day
        }}
      />
    </div>
  )
}
