import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Group } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useMessages } from '@/language'
import { discard, whichOf } from '@/connections/changes'

type Props = { group: Group; onGivenUp: (messages: number) => void; onClose: () => void }

/** Giving up what waits for one cause, with the reason that stays in the list. */
export function GiveUp({ group, onGivenUp, onClose }: Props) {
  const { held: words, ending } = useMessages().connections
  const [reason, setReason] = useState('')
  const id = useId()
  const giving = useMutation({
    mutationFn: () => discard(whichOf(group), reason.trim()),
    onSuccess: ({ messages }, _, __, { client }) => {
      onGivenUp(messages)
      return client.invalidateQueries({ queryKey: ['held-messages'] })
    },
  })
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        giving.mutate()
      }}
    >
      {giving.isError && <Trouble error={giving.error} />}
      <div className="field">
        <label htmlFor={id}>{words.reason}</label>
        <input
          id={id}
          required
          pattern=".*\S.*"
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <p className="quiet">{words.reasonHint}</p>
      </div>
      <div className="ways">
        <button type="submit" className="button main" disabled={giving.isPending}>
          {words.giveUp}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {ending.cancel}
        </button>
      </div>
    </form>
  )
}
