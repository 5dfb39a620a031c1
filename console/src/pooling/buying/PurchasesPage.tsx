import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { purchasesQuery } from '@/api/purchases'
import type { Purchase } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { NewPurchase } from '@/pooling/buying/NewPurchase'
import { Example } from '@/pooling/Example'
import { dayOf } from '@/pooling/days'
import { useNames, useRights } from '@/pooling/names'
import '@/pooling/pooling.css'
import '@/pooling/buying/buying.css'

/** What is bought together, what models are worth, which batteries come next. */
export function PurchasesPage() {
  const { messages } = useSpeech()
  const words = messages.purchases
  const rights = useRights()
  const known = useQuery(purchasesQuery)
  useTitle(words.title, messages.pooling.title)
  return (
    <div className="pooling">
      <Trail places={[{ name: messages.pooling.title, to: '/pooling' }]} here={words.title} />
      <h1>{words.title}</h1>
      <Answer query={known} lines={6}>
        {(found) => <List found={found} />}
      </Answer>
      <div className="fields end screen">
        <Link className="button" to="/pooling/purchases/models">
          {words.toCatalogue}
        </Link>
        <Link className="button" to="/pooling/maintenance">
          {words.toMaintenance}
        </Link>
        <Link className="button" to="/pooling/failures" search={{}}>
          {words.failures.title}
        </Link>
      </div>
      {rights.edits && <NewPurchase />}
    </div>
  )
}

function List({ found }: { found: Purchase[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  const names = useNames()
  const open = found.filter((one) => one.state === 'open').length
  return (
    <>
      <p className="sentence">{words.sentence(open, formats.integer(open))}.</p>
      <p>{words.intro}</p>
      {found.length === 0 ? (
        <p className="quiet">{words.none}</p>
      ) : (
        <section className="part">
          <h2>{words.list}</h2>
          <div className="wide">
            <table className="listing stacked">
              <thead>
                <tr>
                  <th scope="col">{words.name}</th>
                  <th scope="col">{words.state}</th>
                  <th scope="col">{words.closesOn}</th>
                  <th scope="col" className="number">
                    {words.quantity}
                  </th>
                </tr>
              </thead>
              <tbody>
                {found.map((one) => (
                  <tr key={one.key}>
                    <th scope="row">
                      <Link to="/pooling/purchases/$key" params={{ key: one.key }}>
                        {one.document.name}
                      </Link>
                      <span className="quiet"> {names.service(one.document.service)}</span>{' '}
                      {one.document.example && <Example explained={words.exampleExplained} />}
                    </th>
                    <td data-label={words.state}>{words.states[one.state]}</td>
                    <td data-label={words.closesOn}>{formats.date(dayOf(one.document.closes_on))}</td>
                    <td className="number" data-label={words.quantity}>
                      {formats.integer(Object.values(one.quantities).reduce((sum, each) => sum + each, 0))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </>
  )
}
