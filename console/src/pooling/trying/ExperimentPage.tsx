import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { askEffect, experimentQuery } from '@/api/experiments'
import { observedPropertiesQuery } from '@/api/queries'
import type { MeasuredEffect, ExperimentPage as Page } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Term } from '@/design/Term'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { Example } from '@/pooling/Example'
import { useNames, useRights } from '@/pooling/names'
import { Print } from '@/pooling/Print'
import { Running } from '@/pooling/Running'
import { Decisions } from '@/pooling/trying/Decisions'
import { Groups } from '@/pooling/trying/Groups'
import { Interval } from '@/pooling/trying/Interval'
import { Savings } from '@/pooling/trying/Savings'
import { dayOf } from '@/pooling/days'
import { signed, verdictOf } from '@/pooling/trying/told'
import { Weeks } from '@/pooling/trying/Weeks'
import '@/pooling/pooling.css'
import '@/pooling/trying/trying.css'

const route = getRouteApi('/inside/pooling/experiments/$key')

/** One experiment: what it changed, how sure that is, what was decided and saved. */
export function ExperimentPage() {
  const { key } = route.useParams()
  const { messages } = useSpeech()
  const words = messages.experiments
  const found = useQuery(experimentQuery(key))
  const name = found.data?.kept.about.name ?? words.title
  useTitle(name, words.title)
  const places: NonNullable<Parameters<typeof Trail>[0]['places']> = [
    { name: messages.pooling.title, to: '/pooling' },
    { name: words.title, to: '/pooling/experiments' },
  ]
  return (
    <div className="pooling">
      <Trail places={places} here={name} />
      <h1>{name}</h1>
      <Answer query={found} lines={10} page>
        {(page) => <Told page={page} />}
      </Answer>
    </div>
  )
}

function Told({ page }: { page: Page }) {
  const { messages, formats, language } = useSpeech()
  const words = messages.experiments
  const rights = useRights()
  const { about } = page.kept
  const { effect } = page
  const notes = [...(effect?.refusals ?? []), ...(effect?.warnings ?? [])]
  return (
    <>
      <p className="sentence">
        {effect == null
          ? about.state === 'to-decide' || about.state === 'after'
            ? words.unmeasured
            : words.states[about.state]
          : verdictOf(effect, words, formats)}
        . {about.example && <Example explained={words.exampleExplained} />}
      </p>
      {effect != null && <Sure effect={effect} page={page} />}
      {effect == null && !page.whole && <p className="quiet">{words.mayNotMeasure}</p>}
      <div className="fields end">
        <Print />
        {rights.edits && (
          <Link className="button screen" to="/pooling/experiments/$key/change" params={{ key: about.key }}>
            {words.change}
          </Link>
        )}
        <Running
          subject={`${about.service} ${about.key}`}
          label={effect == null ? words.measure : words.again}
          mayAsk={rights.edits}
          ask={() => askEffect(about.key)}
          renews={['pooling']}
        />
      </div>
      {notes.length > 0 && (
        <section className="part">
          <h2>{words.warnings}</h2>
          <ul className="clashes">
            {notes.map((one) => (
              <li key={one.fr}>{one[language]}</li>
            ))}
          </ul>
        </section>
      )}
      {effect?.effect != null && (
        <section className="part">
          <h2>{words.intervalTitle}</h2>
          <div className="wide" tabIndex={0} role="region" aria-label={words.intervalTitle}>
            <Interval effect={effect} />
          </div>
        </section>
      )}
      {effect != null && <Weeks effect={effect} />}
      {effect != null && <Groups effect={effect} whole={page.whole} />}
      <Decisions page={page} mayDecide={rights.edits} />
      <Savings page={page} mayKeep={rights.edits} />
      <Facts page={page} />
    </>
  )
}

function Sure({ effect, page }: { effect: MeasuredEffect; page: Page }) {
  const { messages, formats } = useSpeech()
  const words = messages.experiments
  const { document } = page.kept
  if (effect.low == null || effect.high == null || effect.chance == null) return null
  const concluded = effect.verdict === 'less' || effect.verdict === 'more'
  const sign = document.wanted === 'less' ? -1 : 1
  return (
    <p className="large">
      {words.interval(signed(formats, effect.low, effect.unit), signed(formats, effect.high, effect.unit))}{' '}
      {words.chance(formats.share(effect.chance))}{' '}
      {concluded && (effect.verdict === document.wanted ? words.success : words.failure)}{' '}
      {document.expected != null && words.expectedBeside(signed(formats, sign * document.expected, '%'))}{' '}
      <Term explained={words.howExplained}>{words.how}</Term>
    </p>
  )
}

/** What was written before anything was measured. */
function Facts({ page }: { page: Page }) {
  const { messages, formats, language } = useSpeech()
  const words = messages.experiments
  const names = useNames()
  const properties = useQuery(observedPropertiesQuery)
  const { about, document } = page.kept
  const property = properties.data?.items.find((one) => one.code === document.observed_property)
  const period = ({ first, last }: { first: string; last: string }) => formats.days(dayOf(first), dayOf(last))
  const facts = [
    [words.hypothesis, document.hypothesis],
    [words.action, document.action],
    [words.service, names.service(document.service)],
    [words.property, property?.[`name_${language}`] ?? document.observed_property],
    [words.wanted, words.wantedWays[document.wanted ?? 'less']],
    [words.before, period(document.before)],
    [words.after, period(document.after)],
    [words.decideBy, `${formats.date(dayOf(about.decide_by))} (${words.cycles[about.cycle]})`],
    [words.cost, formats.euros(Number(document.cost))],
    [words.costNote, document.cost_note],
    [words.note, document.note],
  ].filter(([, said]) => said !== '' && said !== undefined)
  return (
    <section className="part">
      <h2>{words.facts}</h2>
      <dl className="facts">
        {facts.map(([name, said]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
