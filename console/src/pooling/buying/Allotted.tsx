import { useMutation, useQuery } from '@tanstack/react-query'
import { allotmentQuery, orderPurchase } from '@/api/purchases'
import type { Allotment, Purchase } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useRights } from '@/pooling/names'

/** Who delivers what at the least cost, or what stands in the way; once ordered, as it was. */
export function Allotted({ one }: { one: Purchase }) {
  const words = useSpeech().messages.purchases.one
  const proposed = useQuery({ ...allotmentQuery(one.key), enabled: one.allotment == null })
  return (
    <section className="part">
      <h2>{one.allotment == null ? words.allotment : words.ordered}</h2>
      {one.allotment == null ? (
        <Answer query={proposed} lines={3}>
          {(found) => (
            <>
              <Lines found={found} proven />
              <Ordering one={one} found={found} />
            </>
          )}
        </Answer>
      ) : (
        <Lines found={one.allotment} />
      )}
    </section>
  )
}

function Lines({ found, proven = false }: { found: Allotment; proven?: boolean }) {
  const { messages, formats, language } = useSpeech()
  const words = messages.purchases
  if (found.lines.length === 0)
    return (
      <>
        <p>{words.one.impossible}</p>
        <ul className="clashes">
          {found.why.map((one) => (
            <li key={one.fr}>{one[language]}</li>
          ))}
        </ul>
      </>
    )
  return (
    <>
      {proven && <p>{words.one.proven}</p>}
      <div className="wide">
        <table className="listing stacked">
          <thead>
            <tr>
              <th scope="col">{words.lot}</th>
              <th scope="col">{words.one.supplier}</th>
              {[words.quantity, words.one.price, words.one.fixed, words.one.amount].map((title) => (
                <th scope="col" className="number" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.lines.map((one) => (
              <tr key={`${one.lot} ${one.supplier}`}>
                <th scope="row">{one.lot}</th>
                <td data-label={words.one.supplier}>{one.supplier}</td>
                <td className="number" data-label={words.quantity}>
                  {formats.integer(one.quantity)}
                </td>
                <td className="number" data-label={words.one.price}>
                  {formats.cents(Number(one.price))}
                </td>
                <td className="number" data-label={words.one.fixed}>
                  {formats.cents(Number(one.fixed))}
                </td>
                <td className="number value" data-label={words.one.amount}>
                  {formats.cents(Number(one.amount))}
                </td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            {(found.discounts ?? []).map((one) => (
              <tr key={one.supplier}>
                <th scope="row" colSpan={5}>
                  {words.award.off(formats.number(Number(one.percent)))}, {one.supplier}
                </th>
                <td className="number value">{formats.cents(-Number(one.amount))}</td>
              </tr>
            ))}
            <tr>
              <th scope="row" colSpan={5}>
                {words.one.total}
              </th>
              <td className="number value">{formats.cents(Number(found.total))}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </>
  )
}

function Ordering({ one, found }: { one: Purchase; found: Allotment }) {
  const words = useSpeech().messages.purchases.one
  const rights = useRights()
  const ordering = useMutation({
    mutationFn: () => orderPurchase(one.key),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  if (one.state !== 'closed' || found.lines.length === 0 || !rights.administers(rights.structure ?? ''))
    return null
  return (
    <div className="screen">
      <p className="quiet">{words.orderExplained}</p>
      <button
        type="button"
        className="button main"
        disabled={ordering.isPending}
        onClick={() => ordering.mutate()}
      >
        {words.order}
      </button>
      {ordering.isError && <Trouble error={ordering.error} />}
    </div>
  )
}
