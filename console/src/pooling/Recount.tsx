import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { recountUsage } from '@/api/pooling'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

/** Counts a closed month again: what differs is a new revision, in sight beside the one before. */
export function Recount({ member, closed }: { member: string; closed: string[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.entering
  const id = useId()
  const [month, setMonth] = useState(closed.at(-1) ?? '')
  const counting = useMutation({
    mutationFn: () => recountUsage(member, month),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  const corrected = counting.data?.filter((one) => one.before && one.before.length > 0).length ?? 0
  return (
    <details className="screen">
      <summary>{words.recount}</summary>
      <p className="quiet">{words.recountExplained}</p>
      <div className="fields end">
        <div className="field">
          <label htmlFor={id}>{messages.pooling.return.month}</label>
          <select
            id={id}
            value={month}
            onChange={({ target }) => {
              counting.reset()
              setMonth(target.value)
            }}
          >
            {closed.map((one) => (
              <option key={one} value={one}>
                {formats.month(one)}
              </option>
            ))}
          </select>
        </div>
        <button
          type="button"
          className="button"
          disabled={counting.isPending}
          onClick={() => counting.mutate()}
        >
          {counting.isPending ? words.counting : words.count}
        </button>
      </div>
      <div aria-live="polite">
        {counting.isError && <Trouble error={counting.error} />}
        {counting.isSuccess && (
          <p>{words.recounted(counting.data.length, formats.integer(counting.data.length), corrected)}</p>
        )}
      </div>
    </details>
  )
}
