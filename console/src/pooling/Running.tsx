import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { cancelComputation, computationsQuery, isUnderWay } from '@/api/pooling'
import type { Computation } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

type Props = {
  subject: string
  /** Whether the last that ended matters: one that failed is then told. */
  label: string
  mayAsk: boolean
  ask: () => Promise<Computation>
  /** What to read again once something is done. */
  renews: readonly unknown[]
}

/** Asks for a computation, tells how far it is, and stops it. */
export function Running({ subject, label, mayAsk, ask, renews }: Props) {
  const { messages, language, formats } = useSpeech()
  const words = messages.pooling.shares
  const queries = useQueryClient()
  const known = useQuery({ ...computationsQuery(subject), enabled: mayAsk })
  const renew = () => queries.invalidateQueries({ queryKey: ['pooling', 'computations', subject] })
  const asking = useMutation({ mutationFn: ask, onSettled: renew })
  const cancelling = useMutation({ mutationFn: cancelComputation, onSettled: renew })
  const [last] = known.data ?? []
  const underWay = last !== undefined && isUnderWay(last)

  const was = useRef(false)
  useEffect(() => {
    if (was.current && !underWay) void queries.invalidateQueries({ queryKey: renews })
    was.current = underWay
  }, [underWay, queries, renews])

  if (!mayAsk) return null
  return (
    <div className="running" aria-live="polite">
      {underWay ? (
        <>
          <progress
            aria-label={label}
            max={last.progress?.whole ?? 1}
            {...(last.progress && { value: Math.min(last.progress.done, last.progress.whole) })}
          />
          <span>
            {last.progress
              ? words.running(
                  last.progress.step[language],
                  formats.share(last.progress.done / (last.progress.whole || 1)),
                )
              : words.waiting}
            {last.progress?.gap != null && ` (${words.gap(formats.share(last.progress.gap))})`}
          </span>
          <button
            type="button"
            className="button"
            disabled={cancelling.isPending}
            onClick={() => cancelling.mutate(last.key)}
          >
            {words.cancel}
          </button>
        </>
      ) : (
        <button type="button" className="button" disabled={asking.isPending} onClick={() => asking.mutate()}>
          {label}
        </button>
      )}
      {asking.isError && <Trouble error={asking.error} />}
      {last?.state === 'failed' && (
        <p className="quiet">
          {words.failed} : {last.fault?.[language]}
        </p>
      )}
    </div>
  )
}
