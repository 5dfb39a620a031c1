import { useQuery } from '@tanstack/react-query'
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react'
import type { Series } from '@/api/schema'
import {
  boundsOf,
  cellsOf,
  isCounter,
  stepOf,
  STEPS,
  yearQuery,
  type Cell,
  type DayFigure,
} from '@/charts/calendar'
import { dayOf, midnightOf, type Day } from '@/charts/period'
import { Answer } from '@/design/Answer'
import { useNow } from '@/design/now'
import { useSpeech } from '@/language'

/** A year of a series as a calendar: a cell a day, read by the eye, the mouse and the keyboard. */
export function Calendar({ series }: { series: Series }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.calendar
  const now = useNow()
  const present = Number(dayOf(now, formats.zone).slice(0, 4))
  const [year, setYear] = useState(present)
  const asked = useQuery(yearQuery(series, year, formats.zone))
  return (
    <section className="part calendar" aria-labelledby="calendar">
      <div className="heading">
        <h2 id="calendar">
          {words.title} <span className="quiet">{series.name}</span>
        </h2>
        <div className="steps" role="group" aria-label={words.year}>
          <button
            type="button"
            className="button"
            aria-label={words.before}
            onClick={() => setYear(year - 1)}
          >
            <span aria-hidden="true">‹</span>
          </button>
          <strong className="year" aria-live="polite">
            {year}
          </strong>
          <button
            type="button"
            className="button"
            aria-label={words.after}
            aria-disabled={year >= present}
            onClick={() => year < present && setYear(year + 1)}
          >
            <span aria-hidden="true">›</span>
          </button>
        </div>
      </div>
      <Answer query={asked} lines={7}>
        {(figures) => <Year series={series} year={year} figures={figures} />}
      </Answer>
    </section>
  )
}

type YearProps = { series: Series; year: number; figures: ReadonlyMap<Day, DayFigure> }

function Year({ series, year, figures }: YearProps) {
  const { messages, formats } = useSpeech()
  const words = messages.things.calendar
  const hint = useId()
  const today = dayOf(useNow(), formats.zone)
  const cells = cellsOf(year)
  const last = Math.max(
    0,
    cells.findLastIndex(({ day }) => day <= today),
  )
  const [place, setPlace] = useState<number | null>(null)
  const scroll = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // A narrow screen holds a part of the year: the newest.
    const { current } = scroll
    if (current) current.scrollLeft = (current.scrollWidth * last) / 365 - current.clientWidth / 2
  }, [last])
  const bounds = boundsOf(figures.values())
  const pointed = place === null ? undefined : cells[place]
  const said = pointed ? inWords(pointed.day) : words.point
  const measured = [...figures.values()].filter(({ count }) => count > 0)

  const onKeyDown = (event: KeyboardEvent) => {
    const from = place ?? last
    const targets: Record<string, number> = {
      ArrowLeft: from - 7,
      ArrowRight: from + 7,
      ArrowUp: from - 1,
      ArrowDown: from + 1,
      Home: 0,
      End: last,
    }
    const target = targets[event.key]
    if (target === undefined) return
    event.preventDefault()
    setPlace(Math.max(0, Math.min(cells.length - 1, place === null && event.key !== 'Home' ? last : target)))
  }

  return (
    <>
      <div className="chart">
        <div className="year-scroll" ref={scroll}>
          <div
            className="days"
            role="slider"
            tabIndex={0}
            aria-label={words.label(series.name, String(year))}
            aria-describedby={hint}
            aria-valuemin={0}
            aria-valuemax={cells.length - 1}
            aria-valuenow={place ?? last}
            aria-valuetext={said}
            onKeyDown={onKeyDown}
            onMouseLeave={() => setPlace(null)}
          >
            <Months cells={cells} />
            {cells.map((cell, index) => (
              <span
                key={cell.day}
                className={classOf(cell.day, index === place)}
                style={{ gridColumn: cell.week + 1, gridRow: cell.weekday + 2 }}
                onMouseEnter={() => setPlace(index)}
              />
            ))}
          </div>
        </div>
        <p className="readout">{said}</p>
        <p id={hint} className="quiet hint">
          {words.readWith}
        </p>
        <Scale bounds={bounds} series={series} doubtful={measured.some((one) => one.doubtful > 0)} />
      </div>
      <p className="quiet">
        {words.total(total('count'), formats.integer(total('count')), formats.integer(total('doubtful')))}{' '}
        {messages.zone(formats.zone)}.
      </p>
      {measured.length > 0 && <DayTable series={series} measured={measured} year={year} />}
    </>
  )

  function total(of: 'count' | 'doubtful'): number {
    return measured.reduce((sum, figure) => sum + figure[of], 0)
  }

  function classOf(day: Day, isPointed: boolean): string {
    const figure = figures.get(day)
    const step =
      figure?.value == null ? (day > today ? 'future' : 'none') : `step-${stepOf(figure.value, bounds)}`
    return ['day', step, figure && figure.doubtful > 0 && 'doubtful', isPointed && 'pointed-day']
      .filter(Boolean)
      .join(' ')
  }

  function inWords(day: Day): string {
    const when = formats.day(new Date(midnightOf(day, formats.zone).getTime()))
    const figure = figures.get(day)
    if (figure?.value == null) return messages.colon(when, day > today ? words.future : words.none)
    const { value, min, max, count, doubtful } = figure
    const range =
      min === null || max === null
        ? ''
        : ` (${messages.series.between(formats.number(min), formats.quantity(max, series.unit))})`
    const doubts = doubtful > 0 ? ` ${words.doubtful(doubtful, formats.integer(doubtful))}` : ''
    const told = `${formats.quantity(value, series.unit)}${range}, ${words.count(count, formats.integer(count))}${doubts}`
    return messages.colon(when, told)
  }
}

/** The months' names over the week in which each begins. */
function Months({ cells }: { cells: Cell[] }) {
  const { formats } = useSpeech()
  return cells
    .filter(({ day }) => day.endsWith('-01'))
    .map(({ day, week }) => (
      <span key={day} className="month quiet" style={{ gridColumn: `${week + 1} / span 4`, gridRow: 1 }}>
        {formats.shortMonth(midnightOf(day, formats.zone))}
      </span>
    ))
}

function Scale({ bounds, series, doubtful }: { bounds: number[]; series: Series; doubtful: boolean }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.calendar
  if (bounds.length === 0) return null
  const [low, high] = [bounds[0] ?? 0, bounds.at(-1) ?? 0]
  return (
    <ul className="legend chart-legend">
      <li className="scale">
        {isCounter(series) ? words.delta : words.mean} :
        <span className="quiet">{`< ${formats.quantity(low, series.unit)}`}</span>
        {Array.from({ length: STEPS }, (_, step) => (
          <span key={step} className={`day step-${step + 1}`} aria-hidden="true" />
        ))}
        <span className="quiet">{`≥ ${formats.quantity(high, series.unit)}`}</span>
      </li>
      <li>
        <span className="day none" aria-hidden="true" /> {words.none}
      </li>
      {doubtful && (
        <li>
          <span className="day step-2 doubtful" aria-hidden="true" /> {messages.series.legend.doubtful}
        </li>
      )}
    </ul>
  )
}

function DayTable({ series, measured, year }: { series: Series; measured: DayFigure[]; year: number }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.calendar
  const caption = words.label(series.name, String(year))
  const counter = isCounter(series)
  const figure = (value: number | null) =>
    value === null ? messages.none : formats.quantity(value, series.unit)
  return (
    <details>
      <summary>{words.table}</summary>
      <div className="scroll" tabIndex={0} role="group" aria-label={caption}>
        <table>
          <caption className="unseen">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{words.columns.day}</th>
              <th scope="col" className="number">
                {counter ? words.delta : words.mean}
              </th>
              {!counter && (
                <th scope="col" className="number">
                  {words.columns.min}
                </th>
              )}
              {!counter && (
                <th scope="col" className="number">
                  {words.columns.max}
                </th>
              )}
              <th scope="col" className="number">
                {words.columns.count}
              </th>
              <th scope="col" className="number">
                {words.columns.doubtful}
              </th>
            </tr>
          </thead>
          <tbody>
            {measured.toReversed().map((one) => (
              <tr key={one.day}>
                <th scope="row">{formats.day(midnightOf(one.day, formats.zone))}</th>
                <td className="number">{figure(one.value)}</td>
                {!counter && <td className="number">{figure(one.min)}</td>}
                {!counter && <td className="number">{figure(one.max)}</td>}
                <td className="number">{formats.integer(one.count)}</td>
                <td className="number">{formats.integer(one.doubtful)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
