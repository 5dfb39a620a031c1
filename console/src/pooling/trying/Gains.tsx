import { useMutation, useQuery } from '@tanstack/react-query'
import { gainsQuery, takeGains } from '@/api/experiments'
import { Term } from '@/design/Term'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

type Props = { programme: string; revision: number; mayTake: boolean }

/** What experiments measured of a programme's actions, beside what it says; taken up by a new revision. */
export function Gains({ programme, revision, mayTake }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.experiments
  const found = useQuery(gainsQuery(programme))
  const taking = useMutation({
    mutationFn: (action: string) => takeGains(programme, [action], revision),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  const gains = found.data ?? []
  if (gains.length === 0) return null
  const differs = [...new Set(gains.filter((one) => one.says !== one.measured).map((one) => one.action))]
  return (
    <section className="part">
      <h2>{words.gains}</h2>
      <p>{words.gainsExplained}</p>
      <div className="wide">
        <table className="listing stacked savings">
          <thead>
            <tr>
              <th scope="col">{messages.pooling.programme.action}</th>
              <th scope="col">{messages.pooling.member}</th>
              <th scope="col" className="number">
                {words.says}
              </th>
              <th scope="col" className="number">
                {words.measured}
              </th>
            </tr>
          </thead>
          <tbody>
            {gains.map((one) => (
              <tr key={`${one.action} ${one.member}`}>
                <th scope="row">{one.action}</th>
                <td data-label={messages.pooling.member}>{one.member}</td>
                <td className="number" data-label={words.says}>
                  {formats.euros(one.says)}
                </td>
                <td className="number value" data-label={words.measured}>
                  {formats.euros(one.measured)}
                  <span className="quiet between">
                    {words.between(formats.euros(one.low), formats.euros(one.high))} ;{' '}
                    {words.extrapolated(formats.integer(one.days))}
                  </span>
                  {one.elsewhere === true && <span className="quiet between">{words.elsewhere}</span>}
                  {!one.proven && (
                    <span className="quiet between">
                      <Term explained={words.unprovenExplained}>{words.unproven}</Term>
                    </span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {mayTake && (
        <div className="fields end screen">
          {differs.map((action) => (
            <button
              type="button"
              className="button"
              key={action}
              disabled={taking.isPending}
              onClick={() => taking.mutate(action)}
            >
              {words.take} : {action}
            </button>
          ))}
        </div>
      )}
      {taking.isSuccess && <p role="status">{words.took}</p>}
      {taking.isError && <Trouble error={taking.error} />}
    </section>
  )
}
