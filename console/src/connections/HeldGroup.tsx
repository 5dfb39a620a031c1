import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Group, Replay } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { replay, whichOf } from '@/connections/changes'
import { DeclareDevice } from '@/connections/DeclareDevice'
import { GiveUp } from '@/connections/GiveUp'

/** What waits for one cause: in plain words, then what can be done. */
export function HeldGroup({ group, onDone }: { group: Group; onDone: (said: string) => void }) {
  const { messages, formats } = useSpeech()
  const words = messages.connections.held
  const [doing, setDoing] = useState<'declare' | 'give up' | null>(null)
  const trying = useMutation({
    mutationFn: () => replay(whichOf(group)),
    onSuccess: (done, _, __, { client }) => {
      onDone(resultOf(done))
      return client.invalidateQueries({ queryKey: ['held-messages'] })
    },
  })
  const gateways = group.gateways ?? []
  // Its reason says no more than its title does.
  const plain = group.cause === 'unknown-device' && group.device !== ''
  return (
    <li>
      <h3>{titleOf(group)}</h3>
      {!plain && <p>{formats.language === 'fr' ? group.reason_fr : group.reason_en}</p>}
      <p className="quiet">
        {words.messages(group.messages, formats.integer(group.messages))}
        {', '}
        {words.last} <Ago when={new Date(group.last)} />
        {gateways.length > 0 && `${messages.semicolon}${words.heardBy(gateways.join(', '))}`}
      </p>
      {trying.isError && <Trouble error={trying.error} />}
      {doing === 'declare' && (
        <DeclareDevice
          group={group}
          onDeclared={(done) => onDone(`${words.declared(group.device)} ${resultOf(done)}`)}
          onClose={() => setDoing(null)}
        />
      )}
      {doing === 'give up' && (
        <GiveUp
          group={group}
          onGivenUp={(count) => onDone(words.givenUp(count, formats.integer(count)))}
          onClose={() => setDoing(null)}
        />
      )}
      {doing === null && (
        <div className="ways">
          {group.cause === 'unknown-device' && group.device !== '' && (
            <button type="button" className="button" onClick={() => setDoing('declare')}>
              {words.declare}
            </button>
          )}
          {group.model !== '' && (
            <Link to="/device-models/$code" params={{ code: group.model }} className="button">
              {group.cause === 'no-channels' ? words.confirm : words.model}
            </Link>
          )}
          <button
            type="button"
            className="button"
            disabled={trying.isPending}
            onClick={() => trying.mutate()}
          >
            {trying.isPending ? words.trying : words.tryAgain}
          </button>
          <button type="button" className="button" onClick={() => setDoing('give up')}>
            {words.giveUp}
          </button>
        </div>
      )}
    </li>
  )

  function titleOf({ cause, device, model }: Group): string {
    const said = words.causes[cause]
    const subject = device || model
    return subject === '' ? said : messages.colon(said, subject)
  }

  function resultOf({ replayed, waiting }: Replay): string {
    return words.result(replayed, waiting, {
      replayed: formats.integer(replayed),
      waiting: formats.integer(waiting),
    })
  }
}
