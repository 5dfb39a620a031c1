import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { statementsFile, statementsQuery, type Basis } from '@/api/pooling'
import type { MemberStatement, StatementPage } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Choice } from '@/design/Choice'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { BasisChoice } from '@/pooling/BasisChoice'
import { Example } from '@/pooling/Example'
import { useNames } from '@/pooling/names'
import { Print } from '@/pooling/Print'
import { KeySaid } from '@/pooling/KeySaid'
import '@/pooling/pooling.css'

const route = getRouteApi('/inside/pooling/services/$service/$year/statements')

/** Statements of account of a service and a year: all members, or one with its lines. */
export function StatementsPage() {
  const { service, year } = route.useParams()
  const { basis = 'forecast', member } = route.useSearch()
  const { messages } = useSpeech()
  const words = messages.pooling
  const names = useNames()
  const told = useQuery(statementsQuery(service, year, basis))
  const title = words.statements.title(told.data?.name ?? names.service(service), String(year))
  useTitle(title)
  return (
    <div className="pooling">
      <Trail places={[{ name: words.title, to: '/pooling' }]} here={title} />
      <h1>{title}</h1>
      <Answer query={told} lines={8} page>
        {(page) => <Statements page={page} basis={basis} chosen={member} />}
      </Answer>
    </div>
  )
}

function Statements({
  page,
  basis,
  chosen,
}: {
  page: StatementPage
  basis: Basis
  chosen: string | undefined
}) {
  const { messages, formats, language } = useSpeech()
  const words = messages.pooling
  const names = useNames()
  const navigate = route.useNavigate()
  const one = page.items.length === 1 ? page.items[0] : page.items.find(({ member }) => member === chosen)
  const members = words.members(page.members, formats.integer(page.members))
  const options = page.items
    .map(({ member }) => ({ value: member, name: names.member(member) }))
    .toSorted((first, second) => first.name.localeCompare(second.name, language))
  const file = (what: 'statements/csv' | 'entries/csv') =>
    statementsFile(what, page.service, page.year, basis, one?.member)
  return (
    <>
      <p className="sentence">
        {one
          ? words.statements.sentence(
              names.member(one.member),
              formats.cents(Number(one.amount)),
              formats.cents(Number(one.alone)),
            )
          : words.statements.sentenceAll(formats.cents(Number(page.total)), members)}
        . {page.example && <Example />}
      </p>
      <KeySaid page={page} />
      <p className="quiet">
        {basis === 'forecast'
          ? words.statements.forecast
          : page.months.length === 12
            ? words.statements.complete
            : words.statements.actual(page.months.map(formats.month).join(', '))}
      </p>
      <div className="fields end">
        <BasisChoice
          basis={basis}
          onChosen={(next) =>
            void navigate({ search: { basis: next, ...(chosen !== undefined && { member: chosen }) } })
          }
        />
        {options.length > 1 && (
          <Choice
            label={words.member}
            any={words.all}
            options={options}
            value={chosen ?? ''}
            onChosen={(member) => void navigate({ search: { basis, ...(member !== '' && { member }) } })}
          />
        )}
        <Print />
        <a className="button download" href={file('statements/csv')} download>
          {words.statements.csv}
        </a>
        <a className="button download" href={file('entries/csv')} download>
          {words.statements.entries}
        </a>
      </div>
      <p className="quiet screen">{words.statements.entriesExplained}</p>
      {one ? <One page={page} one={one} basis={basis} /> : <Every page={page} basis={basis} />}
    </>
  )
}

function Every({ page, basis }: { page: StatementPage; basis: Basis }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling
  const names = useNames()
  const actual = basis === 'actual'
  const sorted = page.items.toSorted((one, other) => Number(other.amount) - Number(one.amount))
  return (
    <section className="part">
      <div className="wide">
        <table className="listing stacked">
          <thead>
            <tr>
              <th scope="col">{words.member}</th>
              <th scope="col" className="number">
                {words.statements.amount}
              </th>
              {actual && (
                <>
                  <th scope="col" className="number">
                    {words.statements.asked}
                  </th>
                  <th scope="col" className="number">
                    {words.statements.balance}
                  </th>
                </>
              )}
              <th scope="col" className="number">
                {words.shares.alone}
              </th>
            </tr>
          </thead>
          <tbody>
            {sorted.map((one) => (
              <tr key={one.member}>
                <th scope="row">
                  <Link
                    to="/pooling/services/$service/$year/statements"
                    params={{ service: page.service, year: page.year }}
                    search={{ basis, member: one.member }}
                  >
                    {names.member(one.member)}
                  </Link>
                </th>
                <td className="number value" data-label={words.statements.amount}>
                  {formats.cents(Number(one.amount))}
                </td>
                {actual && (
                  <>
                    <td className="number" data-label={words.statements.asked}>
                      {formats.cents(Number(page.forecast[one.member] ?? 0))}
                    </td>
                    <td className="number" data-label={words.statements.balance}>
                      {formats.cents(Number(one.amount) - Number(page.forecast[one.member] ?? 0))}
                    </td>
                  </>
                )}
                <td className="number" data-label={words.shares.alone}>
                  {formats.cents(Number(one.alone))}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{words.total}</th>
              <td className="number value">{formats.cents(Number(page.total))}</td>
              <td colSpan={actual ? 3 : 1} />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}

function One({ page, one, basis }: { page: StatementPage; one: MemberStatement; basis: Basis }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.statements
  const forecast = Number(page.forecast[one.member] ?? 0)
  const due = Number(one.amount) - forecast
  return (
    <>
      <section className="part">
        <h2>{words.lines}</h2>
        <div className="wide">
          <table className="listing stacked account">
            <thead>
              <tr>
                <th scope="col">{words.cost}</th>
                <th scope="col" className="number">
                  {words.whole}
                </th>
                <th scope="col" className="number">
                  {words.share}
                </th>
                <th scope="col" className="number">
                  {words.amount}
                </th>
              </tr>
            </thead>
            <tbody>
              {one.lines.map((line) => (
                <tr key={line.cost}>
                  <th scope="row">{line.cost}</th>
                  <td className="number" data-label={words.whole}>
                    {formats.cents(Number(line.total))}
                  </td>
                  <td className="number" data-label={words.share}>
                    {formats.share(Number(line.share))}
                  </td>
                  <td className="number" data-label={words.amount}>
                    {formats.cents(Number(line.amount))}
                  </td>
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row" colSpan={3}>
                  {messages.pooling.total}
                </th>
                <td className="number value">{formats.cents(Number(one.amount))}</td>
              </tr>
              {basis === 'actual' && (
                <>
                  <tr>
                    <th scope="row" colSpan={3}>
                      {words.asked}
                    </th>
                    <td className="number">{formats.cents(forecast)}</td>
                  </tr>
                  <tr>
                    <th scope="row" colSpan={3}>
                      {due < 0 ? words.back : words.due}
                    </th>
                    <td className="number value">{formats.cents(Math.abs(due))}</td>
                  </tr>
                </>
              )}
            </tfoot>
          </table>
        </div>
      </section>
      <Quantities page={page} one={one} />
    </>
  )
}

function Quantities({ page, one }: { page: StatementPage; one: MemberStatement }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.statements
  return (
    <section className="part">
      <h2>{words.quantities}</h2>
      <table className="listing">
        <thead>
          <tr>
            <th scope="col">{words.unit}</th>
            <th scope="col" className="number">
              {words.value}
            </th>
            <th scope="col">{words.source}</th>
          </tr>
        </thead>
        <tbody>
          {one.used.map((used) => (
            <tr key={used.unit}>
              <th scope="row">{messages.pooling.units[used.unit] ?? used.unit}</th>
              <td className="number">{formats.number(Number(used.quantity))}</td>
              <td>{words.sources[used.source]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Link
        className="button screen"
        to="/pooling/returns/$member/$year"
        params={{ member: one.member, year: page.year }}
      >
        {words.rows}
      </Link>
    </section>
  )
}
