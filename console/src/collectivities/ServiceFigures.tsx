import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { servicesQuery } from '@/api/queries'
import type { CollectivityNow, FigureNow } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Term } from '@/design/Term'
import { useFormats, useMessages, useSpeech } from '@/language'
import { changeOf, lastOf, linesOf, type Change } from '@/collectivities/trend'

/** The figures that matter, service by service. */
export function ServiceFigures({ now }: { now: CollectivityNow }) {
  const { language } = useSpeech()
  const services = useQuery(servicesQuery)
  const nameOf = (code: string) =>
    services.data?.items.find((one) => one.code === code)?.[`name_${language}`] ?? code
  return (
    <div className="cards">
      {now.services.map(({ service, figures }) => (
        <section key={service} className="card" aria-labelledby={`figures-${service}`}>
          <h2 id={`figures-${service}`}>{nameOf(service)}</h2>
          <ul>
            {figures.map((figure) => (
              <Figure key={figure.code} figure={figure} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Figure({ figure }: { figure: FigureNow }) {
  const { messages, formats, language } = useSpeech()
  const { now: words } = messages
  const name = figure[`name_${language}`]
  const explained = figure[`explained_${language}`]
  return (
    <li className="key-figure">
      <h3>{explained == null ? name : <Term explained={explained}>{name}</Term>}</h3>
      <p className="figure-now">
        <span className="value">
          {figure.value == null ? messages.none : formats.quantity(rounded(figure.value), figure.unit)}
        </span>
        <span className="quiet">
          {words.spans[figure.span]}
          {figure.span === 'now' && figure.latest != null && (
            <>
              {' · '}
              <Ago when={new Date(figure.latest)} />
            </>
          )}
        </span>
      </p>
      <Sparkline figure={figure} />
      <Changes figure={figure} />
      {figure.days.length > 0 && <Days figure={figure} name={name} />}
    </li>
  )
}

function Changes({ figure }: { figure: FigureNow }) {
  const { now: words } = useMessages()
  const formats = useFormats()
  const last = lastOf(figure)
  const said = ({ by, unit, steady }: Change) =>
    steady ? words.same : `${by > 0 ? '+' : ''}${formats.quantity(Number(by.toPrecision(2)), unit)}`
  const week = changeOf(figure.day_before_week, last, figure.unit)
  const year = changeOf(figure.day_before_year, last, figure.unit)
  if (week === null && year === null) return null
  return (
    <p className="changes">
      {week && <span>{words.week(said(week))}</span>}
      {year && <span>{words.year(said(year))}</span>}
    </p>
  )
}

const [WIDTH, HEIGHT] = [160, 36]

function Sparkline({ figure }: { figure: FigureNow }) {
  const { now: words } = useMessages()
  const formats = useFormats()
  if (figure.days.length < 2) return null
  const values = figure.days.map((one) => one.value)
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) =>
    formats.quantity(rounded(value), figure.unit),
  )
  const lines = linesOf(figure.days, WIDTH, HEIGHT)
  const end = lines.at(-1)?.at(-1)
  return (
    <svg
      viewBox={`-4 -4 ${WIDTH + 8} ${HEIGHT + 8}`}
      className="sparkline"
      role="img"
      aria-label={words.sparkline(formats.integer(figure.days.length), low ?? '', high ?? '')}
    >
      {lines.map((line) => (
        <polyline
          key={line[0]?.x}
          points={line.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')}
        />
      ))}
      {end && <circle cx={end.x} cy={end.y} r="3" />}
    </svg>
  )
}

function Days({ figure, name }: { figure: FigureNow; name: string }) {
  const { now: words } = useMessages()
  const formats = useFormats()
  const id = useId()
  return (
    <details>
      <summary>
        {words.table}
        <span className="unseen"> : {name}</span>
      </summary>
      <p className="quiet">{words.compared}</p>
      <div className="scroll" tabIndex={0} role="group" aria-labelledby={id}>
        <table>
          <caption id={id} className="unseen">
            {name}
          </caption>
          <thead>
            <tr>
              <th scope="col">{words.day}</th>
              <th scope="col" className="number">
                {name}
              </th>
            </tr>
          </thead>
          <tbody>
            {figure.days.toReversed().map(({ day, value }) => (
              <tr key={day}>
                <th scope="row">{formats.day(new Date(`${day}T12:00:00Z`))}</th>
                <td className="number">{formats.quantity(rounded(value), figure.unit)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

/** Three digits say enough of a figure on a home page. */
const rounded = (value: number): number =>
  Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3))
