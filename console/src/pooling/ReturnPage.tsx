import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useId } from 'react'
import { returnPdf, returnQuery, returnYearsQuery } from '@/api/pooling'
import type { Return } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { EnterQuantity } from '@/pooling/EnterQuantity'
import { Example } from '@/pooling/Example'
import { useNames, useRights } from '@/pooling/names'
import { Peers } from '@/pooling/Peers'
import { Print } from '@/pooling/Print'
import { Recount } from '@/pooling/Recount'
import { ServiceGot } from '@/pooling/ServiceGot'
import { SoFar } from '@/pooling/SoFar'
import { Quantity, SavingTable } from '@/pooling/trying/Savings'
import '@/pooling/pooling.css'
import '@/pooling/trying/trying.css'

const route = getRouteApi('/inside/pooling/returns/$member/$year')

/** The return of a collectivité and a year: paid, alone, got, and beside whom; on one page, to be printed. */
export function ReturnPage() {
  const { member, year } = route.useParams()
  const { messages } = useSpeech()
  const words = messages.pooling
  const names = useNames()
  const found = useQuery(returnQuery(member, year))
  const title = words.return.title(names.member(member), String(year))
  useTitle(title, words.title)
  return (
    <div className="pooling">
      <Trail places={[{ name: words.title, to: '/pooling' }]} here={title} />
      <h1>{title}</h1>
      <Answer query={found} lines={10} page>
        {(told) => <Told told={told} />}
      </Answer>
    </div>
  )
}

function Told({ told }: { told: Return }) {
  const { messages, formats, language } = useSpeech()
  const words = messages.pooling
  const names = useNames()
  const rights = useRights()
  const name = names.member(told.member)
  const paid = Number(told.paid)
  const alone = Number(told.alone)
  return (
    <>
      <p className="sentence">
        {alone === 0 && paid === 0
          ? `${words.return.nothing(name)}.`
          : `${words.return.sentence(name, formats.euros(paid), formats.euros(alone))}.`}{' '}
        {told.services.some((one) => one.example) && <Example />}
      </p>
      <div className="fields end">
        <YearChoice member={told.member} year={told.year} />
        <Print />
        <a
          className="button download"
          href={returnPdf(told.member, told.year, language)}
          target="_blank"
          rel="noreferrer"
        >
          {words.return.pdf}
        </a>
      </div>
      <Totals told={told} />
      <section className="part">
        <h2>{words.return.got}</h2>
        <p className="quiet">
          {told.closed.length === 0
            ? words.return.gotNothing
            : words.return.gotUntil(told.closed.map(formats.month).join(', '))}
        </p>
        {told.services.map((one) => (
          <ServiceGot key={one.service} one={one} member={told.member} year={told.year} />
        ))}
        {rights.operates && told.closed.length > 0 && <Recount member={told.member} closed={told.closed} />}
        {rights.operates && <EnterQuantity member={told.member} year={told.year} />}
      </section>
      <Saved told={told} />
      <SoFar member={told.member} year={told.year} />
      <Peers told={told} />
    </>
  )
}

/** What was measured not to be used any more, each figure with its interval and its rows. */
function Saved({ told }: { told: Return }) {
  const { messages, formats } = useSpeech()
  const words = messages.experiments
  if (told.savings.length === 0) return null
  return (
    <section className="part">
      <h2>{words.savings}</h2>
      {told.saved.length > 0 && (
        <dl className="totals">
          {told.saved.map((one) => (
            <div key={one.kind} className="savings">
              <dt>{words.saved}</dt>
              <dd>
                <Quantity one={one} />
                {one.euros != null && one.kind !== 'EUR' && (
                  <span className="quiet">{formats.euros(one.euros)}</span>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <SavingTable savings={told.savings} mayWithdraw={false} />
    </section>
  )
}

/** The figures that are read first, large. */
function Totals({ told }: { told: Return }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.return
  const inhabitants = useNames().population(told.member)
  const [paid, alone] = [Number(told.paid), Number(told.alone)]
  const each = (amount: number) =>
    inhabitants > 0 && amount !== 0 ? `${formats.cents(amount / inhabitants)} ${words.perInhabitant}` : ''
  const figures = [
    { name: words.paid, value: formats.euros(paid), detail: each(paid) },
    { name: words.alone, value: formats.euros(alone), detail: each(alone) },
    { name: words.saved, value: formats.euros(alone - paid), detail: each(alone - paid) },
    { name: words.devices, value: formats.integer(told.got.devices), detail: '' },
    { name: words.messages, value: formats.integer(told.got.messages), detail: '' },
    { name: words.observations, value: formats.integer(told.got.observations), detail: '' },
  ]
  return (
    <dl className="totals">
      {figures.map((one) => (
        <div key={one.name}>
          <dt>{one.name}</dt>
          <dd>
            {one.value}
            {one.detail !== '' && <span className="quiet">{one.detail}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}

function YearChoice({ member, year }: { member: string; year: number }) {
  const words = useSpeech().messages.pooling
  const years = useQuery(returnYearsQuery(member))
  const navigate = route.useNavigate()
  const id = useId()
  const known = [...new Set([...(years.data ?? []), year])].sort((one, other) => other - one)
  return (
    <div className="field">
      <label htmlFor={id}>{words.year}</label>
      <select
        id={id}
        value={year}
        onChange={({ target }) => void navigate({ params: { member, year: Number(target.value) } })}
      >
        {known.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </select>
    </div>
  )
}
