import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { XLSX } from '@/api/devices'
import { analysisQuery, purchaseQuery, tenderFile } from '@/api/purchases'
import type { JudgedLot, LotsAnalysis, Purchase } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { save } from '@/design/save'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { AnalysisSentence } from '@/pooling/buying/AnalysisSentence'
import { Deciding } from '@/pooling/buying/Deciding'
import { Marking } from '@/pooling/buying/Marking'
import { PublishedCriteria } from '@/pooling/buying/PublishedCriteria'
import { Example } from '@/pooling/Example'
import { useRights } from '@/pooling/names'
import { Print } from '@/pooling/Print'
import '@/pooling/pooling.css'
import '@/pooling/buying/buying.css'

const route = getRouteApi('/inside/pooling/purchases/$key/analysis')

/** Offers judged lot by lot, how firm the ranking is, and the decision: on a page to be printed. */
export function AnalysisPage() {
  const { key } = route.useParams()
  const { messages } = useSpeech()
  const words = messages.purchases
  const purchase = useQuery(purchaseQuery(key))
  const found = useQuery(analysisQuery(key))
  const name = purchase.data?.document.name ?? words.title
  useTitle(words.award.title, name)
  return (
    <div className="pooling">
      <Trail
        places={[
          { name: messages.pooling.title, to: '/pooling' },
          { name: words.title, to: '/pooling/purchases' },
          { name, to: '/pooling/purchases/$key', params: { key } },
        ]}
        here={words.award.title}
      />
      <h1>{words.award.title}</h1>
      <Answer query={found} lines={8} page>
        {(told) => (purchase.data ? <Told one={purchase.data} told={told} /> : null)}
      </Answer>
    </div>
  )
}

function Told({ one, told }: { one: Purchase; told: LotsAnalysis }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  const rights = useRights()
  const taking = useMutation({
    mutationFn: async (media: string) =>
      save(
        await tenderFile(one.key, 'analysis', media),
        `${words.award.file}.${media === XLSX ? 'xlsx' : 'csv'}`,
      ),
  })
  const changes = told.decided == null && told.lots.some((lot) => lot.offers.length > 0)
  return (
    <>
      <AnalysisSentence told={told} />
      <p className="large">
        {one.document.name} {one.document.example && <Example explained={words.exampleExplained} />}
      </p>
      <div className="fields end screen">
        <Print />
        {(['text/csv', XLSX] as const).map((media) => (
          <button
            key={media}
            type="button"
            className="button"
            disabled={taking.isPending}
            onClick={() => taking.mutate(media)}
          >
            {words.award.file} ({media === XLSX ? 'XLSX' : 'CSV'})
          </button>
        ))}
      </div>
      {taking.isError && <Trouble error={taking.error} />}
      <PublishedCriteria criteria={told.criteria} />
      {told.lots.map((lot) => (
        <Lot key={lot.lot} lot={lot} told={told} />
      ))}
      {told.decided != null && (
        <section className="part">
          <h2>{words.award.decided}</h2>
          <ul>
            {Object.entries(told.awarded).map(([lot, who]) => (
              <li key={lot}>{words.award.to(lot, who ?? words.award.nobody)}</li>
            ))}
          </ul>
          <p>{told.reason}</p>
          <p className="quiet">
            {words.award.decidedBy(told.decided.by_name, formats.moment(new Date(told.decided.at)))}
          </p>
        </section>
      )}
      {changes && rights.edits && <Marking one={one} told={told} />}
      {changes && rights.administers(rights.structure ?? '') && <Deciding one={one} told={told} />}
    </>
  )
}

function Lot({ lot, told }: { lot: JudgedLot; told: LotsAnalysis }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  const first = lot.offers[0]
  const points = (given: string) => formats.number(Number(given))
  return (
    <section className="part">
      <h2>{lot.lot}</h2>
      <p>
        {words.award.offersFor(formats.integer(lot.quantity))}.{' '}
        {lot.tied.length > 0
          ? words.award.tied(formats.list(lot.tied))
          : first?.rank === 1 &&
            (lot.ahead == null
              ? words.award.alone(first.supplier)
              : words.award.ahead(first.supplier, points(lot.ahead)))}
      </p>
      {lot.offers.length === 0 && <p className="quiet">{words.one.noOffers}</p>}
      {lot.offers.length > 0 && (
        <>
          <div className="scroll" tabIndex={0} role="region" aria-label={lot.lot}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{words.award.rank}</th>
                  <th scope="col">{words.one.supplier}</th>
                  <th scope="col" className="number">
                    {words.one.amount}
                  </th>
                  {told.criteria.map((one) => (
                    <th scope="col" key={one.name}>
                      {one.name} ({points(one.weight)})
                    </th>
                  ))}
                  <th scope="col" className="number">
                    {words.award.points}
                  </th>
                </tr>
              </thead>
              <tbody>
                {lot.offers.map((one) => (
                  <tr key={one.supplier}>
                    <td>{one.rank == null ? '—' : words.award.rankSaid(one.rank)}</td>
                    <th scope="row">
                      {one.supplier}
                      {told.decided != null && told.awarded[lot.lot] === one.supplier && (
                        <strong> ({words.award.chosen})</strong>
                      )}
                    </th>
                    <td className="number">
                      {one.amount == null ? words.award.unable : formats.cents(Number(one.amount))}
                    </td>
                    {one.marks.map((mark) => (
                      <td key={mark.criterion}>
                        {mark.mark == null || mark.points == null ? (
                          <span className="quiet">{one.amount == null ? '—' : words.award.unmarked}</span>
                        ) : (
                          words.award.markSaid(points(mark.mark), points(mark.points))
                        )}
                      </td>
                    ))}
                    <td className="number value">{one.points == null ? '—' : points(one.points)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Whys lot={lot} />
        </>
      )}
      {lot.first.length > 0 && <Sensitivity lot={lot} told={told} />}
    </section>
  )
}

function Whys({ lot }: { lot: JudgedLot }) {
  const words = useSpeech().messages.purchases.award
  const said = lot.offers.flatMap((one) =>
    one.marks
      .filter((mark) => mark.because !== '')
      .map((mark) => ({ supplier: one.supplier, criterion: mark.criterion, because: mark.because })),
  )
  if (said.length === 0) return null
  return (
    <>
      <h3>{words.whys}</h3>
      <ul>
        {said.map((one) => (
          <li key={`${one.supplier} ${one.criterion}`}>
            <strong>
              {one.supplier}, {one.criterion}
            </strong>
            {' — '}
            {one.because}
          </li>
        ))}
      </ul>
    </>
  )
}

function Sensitivity({ lot, told }: { lot: JudgedLot; told: LotsAnalysis }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.award
  const weight = Number(told.criteria.find((one) => one.aspect === 'price')?.weight ?? 0)
  return (
    <>
      <h3>{words.sensitivity}</h3>
      <p>{words.sensitivityExplained}</p>
      <div className="wide">
        <table className="listing bars">
          <thead>
            <tr>
              <th scope="col">{words.firstThen}</th>
              <th scope="col">{words.priceWeight}</th>
            </tr>
          </thead>
          <tbody>
            {lot.first.map((one) => (
              <tr key={one.low}>
                <th scope="row">{formats.list(one.suppliers)}</th>
                <td>
                  <span className="track" aria-hidden="true">
                    <span
                      className="stretch"
                      style={{
                        insetInlineStart: `${one.low}%`,
                        inlineSize: `${Number(one.high) - Number(one.low)}%`,
                      }}
                    />
                    <span className="pin" style={{ insetInlineStart: `${weight}%` }} />
                  </span>
                  {words.from(formats.number(Number(one.low)), formats.number(Number(one.high)))}
                  {Number(one.low) <= weight && weight <= Number(one.high) && (
                    <span className="quiet">
                      {' '}
                      ({words.published} {formats.number(weight)})
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
