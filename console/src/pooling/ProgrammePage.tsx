import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { askPlan, planQuery, programmePage, programmePdf, rankingQuery } from '@/api/pooling'
import type { Plan, PlanFound, Ranking } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { Cash } from '@/pooling/Cash'
import { Choices } from '@/pooling/Choices'
import { Example } from '@/pooling/Example'
import { Gantt } from '@/pooling/Gantt'
import { useRights } from '@/pooling/names'
import { Print } from '@/pooling/Print'
import { Running } from '@/pooling/Running'
import { Gains } from '@/pooling/trying/Gains'
import { Weighing } from '@/pooling/Weighing'
import { WhoWeighed } from '@/pooling/WhoWeighed'
import '@/pooling/pooling.css'

const route = getRouteApi('/inside/pooling/programmes/$key')
const PLANS = ['pooling', 'plan'] as const
const NOTHING = 1e-6

/** A programme: its ranking, its plan, what each pays and gains, and what a choice would cost. */
export function ProgrammePage() {
  const { key } = route.useParams()
  const { messages } = useSpeech()
  const words = messages.pooling
  const found = useQuery(planQuery(key))
  const name = found.data?.about.name ?? words.programmes
  useTitle(name)
  return (
    <div className="pooling">
      <Trail places={[{ name: words.title, to: '/pooling' }]} here={name} />
      <h1>{name}</h1>
      <Answer query={found} lines={10} page>
        {(told) => <Programme found={told} />}
      </Answer>
    </div>
  )
}

function Programme({ found }: { found: PlanFound }) {
  const { messages, language } = useSpeech()
  const words = messages.pooling.programme
  const rights = useRights()
  const { key } = found.about
  const ranking = useQuery(rankingQuery(key))
  const plan = found.plan
  return (
    <>
      <p className="sentence">
        {plan ? <Sentence plan={plan} /> : `${words.none}.`}{' '}
        {found.about.example != null && <Example explained={found.about.example} />}
      </p>
      {plan?.gap != null && <Proof gap={plan.gap} />}
      {plan && found.weighed_since && <p role="note">{messages.weighing.since}</p>}
      <div className="fields end">
        {rights.edits && (
          <Link className="button screen" to="/pooling/programmes/$key/edit" params={{ key }}>
            {messages.entering.toProgramme}
          </Link>
        )}
        <Print />
        {plan && found.whole && (
          <>
            <a
              className="button download"
              href={programmePdf(key, language)}
              target="_blank"
              rel="noreferrer"
            >
              {words.pdf}
            </a>
            <a
              className="button download"
              href={programmePage(key, language)}
              target="_blank"
              rel="noreferrer"
            >
              {words.page}
            </a>
          </>
        )}
        <Running
          subject={key}
          label={plan ? words.recompute : words.compute}
          mayAsk={rights.edits}
          ask={() => askPlan(key, [], [])}
          renews={PLANS}
        />
      </div>
      {plan && plan.clashes.length > 0 && (
        <section className="part">
          <h2>{words.clashes}</h2>
          <ul className="clashes">
            {plan.clashes.map((one) => (
              <li key={one.why.fr}>{one.why[language]}</li>
            ))}
          </ul>
        </section>
      )}
      {plan && plan.actions.length > 0 && <Gantt plan={plan} />}
      {plan && plan.members.length > 0 && <Accounts plan={plan} />}
      {plan && plan.cash.length > 0 && <Cash plan={plan} />}
      {plan && plan.left_out.length > 0 && <LeftOut plan={plan} />}
      {ranking.data && <Weighing key={weighed(ranking.data)} ranking={ranking.data} />}
      {ranking.data && <WhoWeighed programme={key} />}
      {found.whole && <Gains programme={key} revision={found.about.revision} mayTake={rights.edits} />}
      {plan && <Choices programme={key} plan={plan} mayAsk={rights.edits} />}
    </>
  )
}

/** Changes with what the ranking is made of. */
const weighed = ({ weights }: Ranking): string =>
  weights.map((one) => `${one.criterion} ${one.weight}`).join()

function Sentence({ plan }: { plan: Plan }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.programme
  if (plan.status === 'infeasible') return `${words.impossible}.`
  if (plan.money == null) return `${words.unknown}.`
  const whole = formats.integer(plan.actions.length + plan.left_out.length)
  const say = plan.money < 0 ? words.costs : words.answer
  return `${say(plan.actions.length, formats.integer(plan.actions.length), whole, formats.euros(Math.abs(plan.money)))}.`
}

function Proof({ gap }: { gap: number }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.programme
  return <p>{gap <= NOTHING ? words.proven : words.proof(formats.quantity(gap * 100, '%'))}</p>
}

function Accounts({ plan }: { plan: Plan }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.programme
  const rows = plan.members.map(({ member, discounted }) => {
    const pays = discounted.works + discounted.setups + discounted.running + discounted.penalties
    return { member, pays, gains: discounted.gain + pays, balance: discounted.gain }
  })
  return (
    <section className="part">
      <h2>{words.accounts}</h2>
      <div className="wide">
        <table className="listing stacked">
          <caption>{words.accountsCaption}</caption>
          <thead>
            <tr>
              <th scope="col">{messages.pooling.member}</th>
              {[words.pays, words.gains, words.balance].map((title) => (
                <th scope="col" key={title} className="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((one) => (
              <tr key={one.member}>
                <th scope="row">{one.member}</th>
                <td className="number" data-label={words.pays}>
                  {formats.euros(one.pays)}
                </td>
                <td className="number" data-label={words.gains}>
                  {formats.euros(one.gains)}
                </td>
                <td className="number value" data-label={words.balance}>
                  {formats.euros(one.balance)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function LeftOut({ plan }: { plan: Plan }) {
  const { messages, language } = useSpeech()
  const words = messages.pooling.programme
  return (
    <section className="part">
      <h2>{words.leftOut}</h2>
      <table className="listing stacked">
        <thead>
          <tr>
            <th scope="col">{words.action}</th>
            <th scope="col">{words.why}</th>
          </tr>
        </thead>
        <tbody>
          {plan.left_out.map((one) => (
            <tr key={one.action}>
              <th scope="row">{one.action}</th>
              <td data-label={words.why}>{one.why[language]}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
