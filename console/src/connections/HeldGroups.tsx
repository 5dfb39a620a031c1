import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { heldGroupsQuery } from '@/api/queries'
import { Answer } from '@/design/Answer'
import { useSpeech } from '@/language'
import { HeldGroup } from '@/connections/HeldGroup'

const PAGE = 20

/** What waits, by cause, each with what to do; of one connection, or of all. Nothing where nothing waits. */
export function HeldGroups({ connection }: { connection?: string }) {
  const { messages, formats } = useSpeech()
  const { held: words } = messages.connections
  const asked = useQuery(heldGroupsQuery)
  const [shown, setShown] = useState(PAGE)
  const [done, setDone] = useState('')
  const title = useId()
  return (
    <section className="part" aria-labelledby={title}>
      <h2 id={title}>{words.title}</h2>
      <p role="status" className="result">
        {done}
      </p>
      <Answer query={asked}>
        {(all) => {
          const groups = all.filter((one) => connection === undefined || one.connection === connection)
          const left = groups.length - shown
          if (groups.length === 0) return <p className="quiet">{words.nothing}</p>
          return (
            <>
              <p className="quiet">{words.explained}</p>
              <ul className="held">
                {groups.slice(0, shown).map((group) => (
                  <HeldGroup
                    key={[group.owner, group.connection, group.cause, group.device, group.model].join(' ')}
                    group={group}
                    onDone={setDone}
                  />
                ))}
              </ul>
              {left > 0 && (
                <button type="button" className="button" onClick={() => setShown(shown + PAGE)}>
                  {words.more(formats.integer(Math.min(left, PAGE)))}
                </button>
              )}
            </>
          )
        }}
      </Answer>
    </section>
  )
}
