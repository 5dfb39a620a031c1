import { useMutation, useQuery } from '@tanstack/react-query'
import { catalogueQuery, withdrawOffer } from '@/api/withWhom'
import type { Catalogue, Overlap } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { AddOffers } from '@/pooling/AddOffers'
import { Example } from '@/pooling/Example'
import { useNames, useRights } from '@/pooling/names'
import { WithWhomWays } from '@/pooling/WithWhomWays'
import '@/pooling/pooling.css'

/** What the structure and its neighbours offer, and what is offered twice on the same ground. */
export function CataloguePage() {
  const { messages } = useSpeech()
  const words = messages.withWhom
  const found = useQuery(catalogueQuery)
  const rights = useRights()
  useTitle(words.catalogue, words.title)
  return (
    <div className="pooling">
      <Trail
        places={[
          { name: messages.pooling.title, to: '/pooling' },
          { name: words.title, to: '/pooling/with-whom' },
        ]}
        here={words.catalogue}
      />
      <h1>{words.catalogue}</h1>
      <WithWhomWays />
      <Answer query={found} lines={8} page>
        {(catalogue) => (
          <>
            <Sentence catalogue={catalogue} />
            <Overlaps overlaps={catalogue.overlaps} />
            <Own catalogue={catalogue} />
            <Neighbours catalogue={catalogue} />
            {rights.edits && <AddOffers />}
          </>
        )}
      </Answer>
    </div>
  )
}

function Sentence({ catalogue }: { catalogue: Catalogue }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  const services = new Set(catalogue.overlaps.map((one) => one.service)).size
  return (
    <p className="sentence">
      {services === 0 ? words.noOverlap : words.overlapsSaid(services, formats.integer(services))}.{' '}
      {catalogue.entries.some((one) => one.example) && <Example explained={words.offersExample} />}
    </p>
  )
}

function Overlaps({ overlaps }: { overlaps: Overlap[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  if (overlaps.length === 0) return null
  return (
    <section className="part">
      <h2>{words.overlaps}</h2>
      <table className="listing stacked">
        <thead>
          <tr>
            <th scope="col">{messages.pooling.service}</th>
            <th scope="col">{words.offeredBy}</th>
            <th scope="col">{words.where}</th>
          </tr>
        </thead>
        <tbody>
          {overlaps.map((one) => (
            <tr key={`${one.service} ${one.providers.join(' ')} ${one.ids.join(' ')}`}>
              <th scope="row">{names.service(one.service)}</th>
              <td data-label={words.offeredBy}>{formats.list([...one.providers])}</td>
              <td data-label={words.where}>
                {words.communes(one.communes, formats.integer(one.communes))} : {one.names.join(', ')}
                {one.communes > one.names.length && '…'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Own({ catalogue }: { catalogue: Catalogue }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  return (
    <section className="part">
      <h2>{words.ownCatalogue(catalogue.provider)}</h2>
      <table className="listing stacked">
        <thead>
          <tr>
            <th scope="col">{messages.pooling.service}</th>
            <th scope="col" className="number">
              {messages.pooling.columns.members}
            </th>
            <th scope="col">{words.since}</th>
          </tr>
        </thead>
        <tbody>
          {catalogue.own.map((one) => (
            <tr key={one.service}>
              <th scope="row">{names.service(one.service)}</th>
              <td className="number" data-label={messages.pooling.columns.members}>
                {formats.integer(one.members)}
              </td>
              <td data-label={words.since}>
                {one.since == null ? messages.none : formats.date(new Date(one.since))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Neighbours({ catalogue }: { catalogue: Catalogue }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  const rights = useRights()
  const withdrawing = useMutation({
    mutationFn: withdrawOffer,
    onSettled: (_, __, ___, ____, { client }) =>
      client.invalidateQueries({ queryKey: ['pooling', 'catalogue'] }),
  })
  return (
    <section className="part">
      <h2>{words.neighbours}</h2>
      {catalogue.entries.length === 0 ? (
        <p className="empty">{words.noNeighbour}</p>
      ) : (
        <div className="wide" tabIndex={0} role="region" aria-label={words.neighbours}>
          <table className="listing stacked">
            <thead>
              <tr>
                <th scope="col">{words.provider}</th>
                <th scope="col">{messages.pooling.service}</th>
                <th scope="col">{words.where}</th>
                <th scope="col">{words.since}</th>
                <th scope="col">{words.price}</th>
                <th scope="col">{words.source}</th>
              </tr>
            </thead>
            <tbody>
              {catalogue.entries.map((one) => (
                <tr key={one.id}>
                  <th scope="row">{one.provider}</th>
                  <td data-label={messages.pooling.service}>
                    {one.name} <span className="quiet">{names.service(one.service)}</span>
                  </td>
                  <td data-label={words.where}>
                    {words.communes(one.communes, formats.integer(one.communes))}
                  </td>
                  <td data-label={words.since}>
                    {one.since == null ? messages.none : formats.date(new Date(one.since))}
                  </td>
                  <td data-label={words.price}>{one.price || messages.none}</td>
                  <td data-label={words.source}>
                    {one.source || messages.none}
                    <span className="quiet">
                      {' '}
                      {words.said(one.entered.by_name, formats.date(new Date(one.entered.at)))}
                    </span>
                    {rights.edits && (
                      <button
                        type="button"
                        className="plain"
                        aria-label={words.withdrawOf(one.provider)}
                        disabled={withdrawing.isPending}
                        onClick={() => withdrawing.mutate(one.id)}
                      >
                        {words.withdraw}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {withdrawing.isError && <Trouble error={withdrawing.error} />}
    </section>
  )
}
