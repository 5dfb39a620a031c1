import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { poolingModelsQuery, programmesQuery } from '@/api/pooling'
import { servicesQuery } from '@/api/queries'
import type { ModelLine, ProgrammeName } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { Choice } from '@/design/Choice'
import { useNow } from '@/design/now'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { Example } from '@/pooling/Example'
import { useNames, useRights } from '@/pooling/names'
import '@/pooling/pooling.css'

/** What is pooled: what it costs together, what is planned, what each gets of it. */
export function PoolingPage() {
  const { messages } = useSpeech()
  const words = messages.pooling
  const models = useQuery(poolingModelsQuery)
  const programmes = useQuery(programmesQuery)
  const rights = useRights()
  useTitle(words.title)
  return (
    <div className="pooling">
      <Trail here={words.title} />
      <h1>{words.title}</h1>
      <Answer query={models} lines={6}>
        {(lines) => <Year lines={lines} />}
      </Answer>
      <Doors />
      <Answer query={programmes} lines={2}>
        {(known) => (known.length > 0 || rights.edits ? <Programmes known={known} /> : null)}
      </Answer>
      <section className="part">
        <h2>{messages.experiments.title}</h2>
        <p>{messages.experiments.intro}</p>
        <Link className="button" to="/pooling/experiments">
          {messages.experiments.title}
        </Link>
      </section>
      <section className="part">
        <h2>{messages.purchases.title}</h2>
        <p>{messages.purchases.intro}</p>
        <Link className="button" to="/pooling/purchases">
          {messages.purchases.title}
        </Link>
      </section>
      <Returns years={[...new Set(models.data?.map((one) => one.about.year))]} />
    </div>
  )
}

/** What is told on pages of their own. */
function Doors() {
  const { messages } = useSpeech()
  return (
    <section className="part">
      <h2>{messages.withWhom.title}</h2>
      <ul className="doors">
        <li>
          <Link to="/pooling/with-whom">{messages.withWhom.ways.groups}</Link>
          <span className="quiet">{messages.withWhom.about}</span>
        </li>
        <li>
          <Link to="/pooling/with-whom/catalogue">{messages.withWhom.ways.catalogue}</Link>
          <span className="quiet">{messages.withWhom.catalogueAbout}</span>
        </li>
        <li>
          <Link to="/pooling/with-whom/forms">{messages.withWhom.ways.forms}</Link>
          <span className="quiet">{messages.withWhom.formsAbout}</span>
        </li>
        <li>
          <Link to="/pooling/skills">{messages.skills.title}</Link>
          <span className="quiet">{messages.skills.about}</span>
        </li>
      </ul>
    </section>
  )
}

function Year({ lines }: { lines: ModelLine[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling
  const id = useId()
  const years = [...new Set(lines.map((one) => one.about.year))].sort((one, other) => other - one)
  const present = useNow().getFullYear()
  const [chosen, setChosen] = useState(years.includes(present) ? present : (years[0] ?? present))
  const shown = lines.filter((one) => one.about.year === chosen)
  if (lines.length === 0)
    return (
      <div className="empty">
        <p>{words.nothing}.</p>
        <p className="quiet">{words.nothingDetail}</p>
        <NewModel year={present} />
      </div>
    )
  const whole = shown.every((one) => one.alone != null)
  const total = shown.reduce((sum, one) => sum + Number(one.total), 0)
  const alone = shown.reduce((sum, one) => sum + Number(one.alone ?? 0), 0)
  const mine = shown.flatMap((one) => one.mine)
  return (
    <>
      <p className="sentence">
        {whole
          ? words.sentence(shown.length, String(chosen), formats.euros(total), formats.euros(alone))
          : words.sentenceMine(
              String(chosen),
              formats.euros(mine.reduce((sum, one) => sum + Number(one.amount), 0)),
              formats.euros(mine.reduce((sum, one) => sum + Number(one.alone), 0)),
            )}
        . {shown.some((one) => one.about.example) && <Example />}
      </p>
      <div className="fields">
        <div className="field">
          <label htmlFor={id}>{words.year}</label>
          <select id={id} value={chosen} onChange={({ target }) => setChosen(Number(target.value))}>
            {years.map((year) => (
              <option key={year}>{year}</option>
            ))}
          </select>
        </div>
      </div>
      <section className="part">
        <h2>{words.services}</h2>
        <Services lines={shown} whole={whole} />
        <NewModel year={chosen} />
      </section>
    </>
  )
}

/** The model of costs of a service that has none yet. */
function NewModel({ year }: { year: number }) {
  const { messages } = useSpeech()
  const rights = useRights()
  const names = useNames()
  const services = useQuery(servicesQuery)
  const navigate = useNavigate()
  if (!rights.edits) return null
  return (
    <div className="screen">
      <Choice
        label={messages.entering.describe(String(year))}
        any={messages.pooling.choose}
        options={(services.data?.items ?? []).map(({ code }) => ({ value: code, name: names.service(code) }))}
        value=""
        onChosen={(service) =>
          service !== '' &&
          void navigate({ to: '/pooling/services/$service/$year/model', params: { service, year } })
        }
      />
    </div>
  )
}

function Services({ lines, whole }: { lines: ModelLine[]; whole: boolean }) {
  const { messages, formats } = useSpeech()
  const { columns, ...words } = messages.pooling
  const names = useNames()
  const [first, second] = whole ? [columns.together, columns.alone] : [columns.mine, columns.mineAlone]
  return (
    <div className="wide">
      <table className="listing stacked">
        <thead>
          <tr>
            <th scope="col">{columns.service}</th>
            <th scope="col" className="number">
              {columns.members}
            </th>
            <th scope="col" className="number">
              {first}
            </th>
            <th scope="col" className="number">
              {second}
            </th>
            <th scope="col" className="number">
              {columns.saved}
            </th>
            <th scope="col">{columns.statement}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ about, ...one }) => {
            const sums = (name: 'amount' | 'alone') =>
              one.mine.reduce((sum, each) => sum + Number(each[name]), 0)
            const [paid, alone] = whole
              ? [Number(one.total), Number(one.alone)]
              : [sums('amount'), sums('alone')]
            const to = { service: about.service, year: about.year }
            return (
              <tr key={about.service}>
                <th scope="row">
                  <Link to="/pooling/services/$service/$year" params={to}>
                    {about.name}
                  </Link>
                  <span className="quiet"> {names.service(about.service)}</span>
                </th>
                <td className="number" data-label={columns.members}>
                  {formats.integer(about.members)}
                </td>
                <td className="number value" data-label={first}>
                  {formats.euros(paid)}
                </td>
                <td className="number" data-label={second}>
                  {formats.euros(alone)}
                </td>
                <td className="number" data-label={columns.saved}>
                  {formats.euros(alone - paid)}
                </td>
                <td>
                  <Link to="/pooling/services/$service/$year/statements" params={to}>
                    {words.toStatements}
                  </Link>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}

function Programmes({ known }: { known: ProgrammeName[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling
  const rights = useRights()
  return (
    <section className="part">
      <h2>{words.programmes}</h2>
      <ul className="doors">
        {known.map((one) => (
          <li key={one.key}>
            <Link to="/pooling/programmes/$key" params={{ key: one.key }}>
              {one.name}
            </Link>
            <span className="quiet">
              {words.programmeActions(one.actions, formats.integer(one.actions))} ·{' '}
              <Ago when={new Date(one.made.at)} />
            </span>
            {one.example != null && <Example explained={one.example} />}
          </li>
        ))}
      </ul>
      {rights.edits && (
        <Link className="button screen" to="/pooling/programmes/new">
          {messages.entering.newProgramme}
        </Link>
      )}
    </section>
  )
}

/** Each reads its own; the structure's people that of any member. */
function Returns({ years }: { years: number[] }) {
  const { messages, language } = useSpeech()
  const words = messages.pooling
  const rights = useRights()
  const names = useNames()
  const id = useId()
  const [typed, setTyped] = useState('')
  const present = useNow().getFullYear()
  const year = years.includes(present) ? present : Math.max(...years)
  if (years.length === 0) return null
  const members = rights.reads
    ? names.collectivities.map((one) => one.key).filter((key) => key !== rights.structure)
    : rights.members
  const sorted = members.toSorted((one, other) =>
    names.member(one).localeCompare(names.member(other), language),
  )
  const chosen = sorted.includes(typed) ? typed : (sorted[0] ?? '')
  return (
    <section className="part">
      <h2>{words.returns}</h2>
      <p>{words.returnsExplained}</p>
      {sorted.length > 0 && (
        <div className="fields end">
          <div className="field">
            <label htmlFor={id}>{words.member}</label>
            <select id={id} value={chosen} onChange={({ target }) => setTyped(target.value)}>
              {sorted.map((key) => (
                <option key={key} value={key}>
                  {names.member(key)}
                </option>
              ))}
            </select>
          </div>
          <Link className="button" to="/pooling/returns/$member/$year" params={{ member: chosen, year }}>
            {words.see}
          </Link>
        </div>
      )}
    </section>
  )
}
