import { useMutation } from '@tanstack/react-query'
import { agreeToCompare } from '@/api/pooling'
import type { Return } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useNames, useRights } from '@/pooling/names'

/** Beside similar members that agree to be compared as this one does. */
export function Peers({ told }: { told: Return }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.return
  const names = useNames()
  const administers = useRights().administers(told.member)
  const agreeing = useMutation({
    mutationFn: (agrees: boolean) => agreeToCompare(told.member, agrees),
    onSettled: (_, __, ___, ____, { client }) =>
      client.invalidateQueries({ queryKey: ['pooling', 'returns'] }),
  })
  const agreed = told.agreed != null
  return (
    <section className="part">
      <h2>{words.peers}</h2>
      {agreed && told.peers.length > 0 ? (
        <>
          <p className="quiet">{words.peersExplained}</p>
          <div className="wide">
            <table className="listing stacked">
              <thead>
                <tr>
                  <th scope="col">{messages.pooling.member}</th>
                  {[
                    words.inhabitants,
                    words.paid,
                    words.perInhabitant,
                    words.devices,
                    words.observations,
                  ].map((title) => (
                    <th scope="col" key={title} className="number">
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {told.peers.map((one) => (
                  <tr key={one.member} className={one.member === told.member ? 'own' : ''}>
                    <th scope="row">{names.member(one.member)}</th>
                    <td className="number" data-label={words.inhabitants}>
                      {formats.integer(one.population)}
                    </td>
                    <td className="number" data-label={words.paid}>
                      {formats.euros(Number(one.paid))}
                    </td>
                    <td className="number value" data-label={words.perInhabitant}>
                      {formats.cents(Number(one.paid) / one.population)}
                    </td>
                    <td className="number" data-label={words.devices}>
                      {formats.integer(one.got.devices)}
                    </td>
                    <td className="number" data-label={words.observations}>
                      {formats.integer(one.got.observations)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      ) : (
        agreed && <p>{words.peersNone}</p>
      )}
      {told.agreed != null && <p className="quiet">{words.agreed(formats.date(new Date(told.agreed.at)))}</p>}
      {!agreed && <p>{words.agreeExplained}</p>}
      {administers && (
        <button
          type="button"
          className="button screen"
          disabled={agreeing.isPending}
          onClick={() => agreeing.mutate(!agreed)}
        >
          {agreed ? words.disagree : words.agree}
        </button>
      )}
      {agreeing.isError && <Trouble error={agreeing.error} />}
    </section>
  )
}
