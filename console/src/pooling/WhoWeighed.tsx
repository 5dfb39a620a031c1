import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { unweigh, weigh, weighingsQuery } from '@/api/pooling'
import type { Weighing } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { NumberBox } from '@/pooling/NumberBox'
import { useRights } from '@/pooling/names'

/** How each member weighs the criteria and who said so; its own people say it here. */
export function WhoWeighed({ programme }: { programme: string }) {
  const { messages } = useSpeech()
  const words = messages.weighing
  const rights = useRights()
  const found = useQuery(weighingsQuery(programme))
  const all = found.data ?? []
  if (all.length === 0) return null
  const own = all.filter((one) => rights.editsOf(one.collectivity))
  const spoke = all.filter((one) => one.source === 'member').length
  return (
    <section className="part">
      <h2>{words.title}</h2>
      {rights.reads && <p className="large">{words.said(spoke, all.length)}</p>}
      <Table weighings={all} />
      {own.map((one) => (
        <Own key={`${one.collectivity} ${one.made?.at ?? ''}`} programme={programme} weighing={one} />
      ))}
    </section>
  )
}

function Table({ weighings }: { weighings: Weighing[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.weighing
  const criteria = Object.keys(weighings[0]?.weights ?? {})
  return (
    <div className="wide">
      <table className="listing stacked weighings">
        <caption>{words.caption}</caption>
        <thead>
          <tr>
            <th scope="col">{messages.pooling.member}</th>
            <th scope="col">{words.saidBy}</th>
            {criteria.map((name) => (
              <th scope="col" className="number" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weighings.map((one) => (
            <tr key={one.member}>
              <th scope="row">{one.member}</th>
              <td data-label={words.saidBy}>
                {one.source === 'member' && one.made != null
                  ? words.itself(one.made.by_name, formats.date(new Date(one.made.at)))
                  : words.sources[one.source]}
              </td>
              {criteria.map((name) => (
                <td className="number" key={name} data-label={name}>
                  {formats.share(one.weights[name] ?? 0)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What a member's own people say: any numbers, of which the proportions count. */
function Own({ programme, weighing }: { programme: string; weighing: Weighing }) {
  const { messages, formats } = useSpeech()
  const words = messages.weighing
  const told = Object.fromEntries(
    Object.entries(weighing.weights).map(([name, one]) => [name, Math.round(one * 1000) / 10]),
  )
  const [weights, setWeights] = useState<Record<string, number>>(told)
  const whole = Object.values(weights).reduce((sum, one) => sum + one, 0)
  const renewed = { onSuccess: (_: unknown, __: unknown, ___: unknown, { client }: Context) => renew(client) }
  const saying = useMutation({
    mutationFn: () => weigh(programme, weighing.collectivity, weights),
    ...renewed,
  })
  const back = useMutation({ mutationFn: () => unweigh(programme, weighing.collectivity), ...renewed })
  return (
    <form
      className="screen"
      onSubmit={(event) => {
        event.preventDefault()
        saying.mutate()
      }}
    >
      <fieldset className="line">
        <legend>{words.ownOf(weighing.member)}</legend>
        <p className="quiet">{words.hint}</p>
        <div className="fields">
          {Object.keys(told).map((name) => (
            <NumberBox
              key={name}
              label={name}
              required
              value={weights[name]}
              hint={whole > 0 ? words.share(formats.share((weights[name] ?? 0) / whole)) : undefined}
              onNumber={(number) => setWeights({ ...weights, [name]: number ?? 0 })}
            />
          ))}
        </div>
        <div className="fields">
          <button type="submit" className="button primary" aria-disabled={saying.isPending}>
            {words.keep}
          </button>
          {weighing.source === 'member' && (
            <button type="button" className="button" onClick={() => back.mutate()}>
              {words.takeBack}
            </button>
          )}
        </div>
        {(saying.error ?? back.error) !== null && <Trouble error={saying.error ?? back.error} />}
      </fieldset>
    </form>
  )
}

type Context = { client: { invalidateQueries: (of: { queryKey: string[] }) => Promise<void> } }

const renew = async (client: Context['client']) => {
  await client.invalidateQueries({ queryKey: ['pooling', 'ranking'] })
  await client.invalidateQueries({ queryKey: ['pooling', 'plan'] })
}
