import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { askPlan, cancelComputation, computationsQuery, computedPlanQuery, isUnderWay } from '@/api/pooling'
import type { Plan } from '@/api/schema'
import { Choice } from '@/design/Choice'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { QuarterChoice } from '@/pooling/ProgrammeFields'

type Props = { programme: string; plan: Plan; mayAsk: boolean }

/** Imposes an action or rules it out, and reads what that costs; the plan shown stays. */
export function Choices({ programme, plan, mayAsk }: Props) {
  const { messages, language, formats } = useSpeech()
  const words = messages.pooling.programme
  const queries = useQueryClient()
  const [pin, setPin] = useState('')
  const [forbid, setForbid] = useState('')
  const [pinned, setPinned] = useState<string | null>(null)
  const [forbidden, setForbidden] = useState<string | null>(null)
  const renew = () => queries.invalidateQueries({ queryKey: ['pooling', 'computations', programme] })
  const asking = useMutation({
    mutationFn: () => askPlan(programme, choice(pin, pinned), choice(forbid, forbidden)),
    onSettled: renew,
  })
  const cancelling = useMutation({ mutationFn: cancelComputation, onSettled: renew })
  const known = useQuery({ ...computationsQuery(programme), enabled: mayAsk })
  const mine = known.data?.find((one) => one.key === asking.data?.key)
  const done = useQuery({ ...computedPlanQuery(mine?.key ?? ''), enabled: mine?.state === 'done' })
  const chosen = plan.actions.map((one) => one.action)
  const others = plan.left_out.map((one) => one.action)
  const options = (names: string[]) => names.map((name) => ({ value: name, name }))
  const planned = { start: plan.start, quarters: plan.quarters }
  if (!mayAsk) return null
  const underWay = asking.isPending || (mine !== undefined && isUnderWay(mine))
  return (
    <section className="part screen">
      <h2>{words.choices}</h2>
      <p>{words.choicesExplained}</p>
      <div className="fields end">
        <Choice
          label={words.pin}
          any={words.noChoice}
          options={options([...others, ...chosen])}
          value={pin}
          onChosen={setPin}
        />
        <QuarterChoice
          label={words.pinStart}
          {...planned}
          any={words.whenever}
          value={pinned}
          onChosen={setPinned}
        />
        <Choice
          label={words.forbid}
          any={words.noChoice}
          options={options([...chosen, ...others])}
          value={forbid}
          onChosen={setForbid}
        />
        <QuarterChoice
          label={words.forbidStart}
          {...planned}
          any={words.atAll}
          value={forbidden}
          onChosen={setForbidden}
        />
        <button
          type="button"
          className="button main"
          disabled={underWay}
          aria-disabled={pin === '' && forbid === ''}
          onClick={() => (pin !== '' || forbid !== '') && asking.mutate()}
        >
          {words.price}
        </button>
      </div>
      <div aria-live="polite">
        {asking.isError && <Trouble error={asking.error} />}
        {mine && isUnderWay(mine) && (
          <p className="running">
            <progress aria-label={words.price} />
            <span>
              {mine.progress
                ? messages.pooling.shares.running(
                    mine.progress.step[language],
                    formats.share(mine.progress.done / (mine.progress.whole || 1)),
                  )
                : messages.pooling.shares.waiting}
            </span>
            <button type="button" className="button" onClick={() => cancelling.mutate(mine.key)}>
              {messages.pooling.shares.cancel}
            </button>
          </p>
        )}
        {mine?.state === 'failed' && <p>{mine.fault?.[language]}</p>}
        {mine?.state === 'done' && done.data && <Priced before={plan} after={done.data} />}
      </div>
    </section>
  )
}

const choice = (action: string, start: string | null) => (action === '' ? [] : [{ action, start }])

function Priced({ before, after }: { before: Plan; after: Plan }) {
  const { messages, formats, language } = useSpeech()
  const words = messages.pooling.programme
  if (after.status === 'infeasible')
    return (
      <>
        <p className="large">{words.cannot}</p>
        <ul className="clashes">
          {after.clashes.map((one) => (
            <li key={one.why.fr}>{one.why[language]}</li>
          ))}
        </ul>
      </>
    )
  const price = after.prices.at(-1)
  const was = new Set(before.actions.map((one) => one.action))
  const is = new Set(after.actions.map((one) => one.action))
  const enter = [...is].filter((one) => !was.has(one))
  const leave = [...was].filter((one) => !is.has(one))
  return (
    <>
      {price?.known != null && (
        <p className="large">
          {price.known < 0.5 ? words.free : words.priced(formats.euros(price.known))}{' '}
          {price.low != null && price.high != null && (
            <span className="quiet">
              {words.pricedBetween(formats.euros(price.low), formats.euros(price.high))}
            </span>
          )}
        </p>
      )}
      <h3>{words.becomes}</h3>
      {enter.length === 0 && leave.length === 0 && <p>{words.unchanged}</p>}
      {enter.length > 0 && <p>{words.enters(enter.join(', '))}</p>}
      {leave.length > 0 && <p>{words.leaves(leave.join(', '))}</p>}
    </>
  )
}
