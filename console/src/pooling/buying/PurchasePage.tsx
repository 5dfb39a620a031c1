import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { analysisQuery, deliveriesQuery, purchaseQuery } from '@/api/purchases'
import type { Purchase } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { AnalysisSentence } from '@/pooling/buying/AnalysisSentence'
import { Allotted } from '@/pooling/buying/Allotted'
import { Deliveries } from '@/pooling/buying/Deliveries'
import { Needs } from '@/pooling/buying/Needs'
import { Offers } from '@/pooling/buying/Offers'
import { PublishedCriteria } from '@/pooling/buying/PublishedCriteria'
import { Example } from '@/pooling/Example'
import { dayOf } from '@/pooling/days'
import '@/pooling/pooling.css'
import '@/pooling/buying/buying.css'

const route = getRouteApi('/inside/pooling/purchases/$key')

/** One purchase, from needs to receipt. */
export function PurchasePage() {
  const { key } = route.useParams()
  const { messages } = useSpeech()
  const words = messages.purchases
  const found = useQuery(purchaseQuery(key))
  const name = found.data?.document.name ?? words.title
  useTitle(name, words.title)
  return (
    <div className="pooling">
      <Trail
        places={[
          { name: messages.pooling.title, to: '/pooling' },
          { name: words.title, to: '/pooling/purchases' },
        ]}
        here={name}
      />
      <h1>{name}</h1>
      <Answer query={found} lines={8} page>
        {(one) => <Told one={one} />}
      </Answer>
    </div>
  )
}

function Told({ one }: { one: Purchase }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  const came = useQuery({ ...deliveriesQuery(one.key), enabled: one.state === 'ordered' })
  const total = formats.integer(Object.values(one.quantities).reduce((sum, each) => sum + each, 0))
  const members = formats.integer(one.members)
  return (
    <>
      <p className="sentence">
        {one.state === 'open'
          ? words.one.sentenceOpen(total, one.members, members, formats.date(dayOf(one.document.closes_on)))
          : one.state === 'closed'
            ? words.one.sentenceClosed(total, one.members, members)
            : words.one.sentenceOrdered(total, formats.integer(came.data?.length ?? 0))}
        . {one.document.example && <Example explained={words.exampleExplained} />}
      </p>
      <Lots one={one} />
      <Needs one={one} />
      {one.whole && <Offers one={one} />}
      {(one.document.criteria ?? []).length > 0 && (
        <PublishedCriteria criteria={one.document.criteria ?? []} />
      )}
      {one.whole && (one.document.criteria ?? []).length > 0 && <ToAnalysis one={one} />}
      {one.whole && ((one.document.criteria ?? []).length === 0 || one.allotment != null) && (
        <Allotted one={one} />
      )}
      {one.state === 'ordered' && <Deliveries one={one} came={came.data ?? []} />}
    </>
  )
}

function ToAnalysis({ one }: { one: Purchase }) {
  const words = useSpeech().messages.purchases.award
  const found = useQuery(analysisQuery(one.key))
  return (
    <section className="part">
      <h2>{words.title}</h2>
      <Answer query={found} lines={1}>
        {(told) => <AnalysisSentence told={told} />}
      </Answer>
      <Link className="button screen" to="/pooling/purchases/$key/analysis" params={{ key: one.key }}>
        {words.open}
      </Link>
    </section>
  )
}

function Lots({ one }: { one: Purchase }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  return (
    <section className="part">
      <h2>{words.lots}</h2>
      <div className="wide">
        <table className="listing stacked">
          <thead>
            <tr>
              <th scope="col">{words.lot}</th>
              <th scope="col">{words.model}</th>
              <th scope="col">{words.requirement}</th>
              <th scope="col" className="number">
                {words.warranty}
              </th>
              <th scope="col" className="number">
                {words.quantity}
              </th>
            </tr>
          </thead>
          <tbody>
            {one.document.lots.map((lot) => (
              <tr key={lot.name}>
                <th scope="row">{lot.name}</th>
                <td data-label={words.model}>
                  <Link to="/device-models/$code" params={{ code: lot.model }}>
                    {lot.model}
                  </Link>
                </td>
                <td data-label={words.requirement}>{lot.requirement}</td>
                <td className="number" data-label={words.warranty}>
                  {formats.integer(lot.warranty_months ?? 0)}
                </td>
                <td className="number value" data-label={words.quantity}>
                  {formats.integer(one.quantities[lot.name] ?? 0)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
