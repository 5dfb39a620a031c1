import { useId, useRef, useState, type KeyboardEvent } from 'react'
import type { Entry } from '@/api/schema'
import { useSpeech } from '@/language'

type Props = { members: Entry[]; onTaken: (key: string) => void; onEmpty: () => void }

/** Those chosen, each of which can be taken away; one stop of the keyboard, arrows go from one to the next. */
export function ChosenTable({ members, onTaken, onEmpty }: Props) {
  const { messages, formats } = useSpeech()
  const { setup: words, none } = messages
  const id = useId()
  const [at, setAt] = useState<string>()
  const body = useRef<HTMLTableSectionElement>(null)
  const here = Math.max(
    members.findIndex((one) => one.key === at),
    0,
  )
  const go = (rank: number) => {
    const next = members[Math.min(Math.max(rank, 0), members.length - 1)]
    setAt(next?.key)
    body.current?.querySelectorAll('button')[next ? members.indexOf(next) : 0]?.focus()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') go(here + 1)
    else if (event.key === 'ArrowUp') go(here - 1)
    else if (event.key === 'Home') go(0)
    else if (event.key === 'End') go(members.length - 1)
    else return
    event.preventDefault()
  }
  const take = (rank: number) => {
    if (members.length === 1) onEmpty()
    else go(rank + 1 < members.length ? rank + 1 : rank - 1)
    const one = members[rank]
    if (one) onTaken(one.key)
  }
  return (
    <>
      <div
        className="scroll tall listing"
        role="region"
        aria-label={words.chosen}
        aria-describedby={id}
        onKeyDown={press}
      >
        <table className="members">
          <thead>
            <tr>
              <th scope="col">{words.columns.name}</th>
              <th scope="col">{words.columns.kind}</th>
              <th scope="col" className="number">
                {words.columns.inhabitants}
              </th>
              <th scope="col">
                <span className="unseen">{words.columns.takeAway}</span>
              </th>
            </tr>
          </thead>
          <tbody ref={body}>
            {members.map((one, rank) => (
              <tr key={one.key}>
                <th scope="row">
                  {one.name} <span className="quiet">{one.kind === 'commune' ? one.code : ''}</span>
                </th>
                <td>{words.kind[one.kind as keyof typeof words.kind]}</td>
                <td className="number">{one.population == null ? none : formats.integer(one.population)}</td>
                <td>
                  <button
                    type="button"
                    className="plain"
                    tabIndex={rank === here ? 0 : -1}
                    aria-label={words.takeAwayThis(one.name)}
                    onFocus={() => setAt(one.key)}
                    onClick={() => take(rank)}
                  >
                    {words.takeAway}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p id={id} className="quiet">
        {words.chosenHint}
      </p>
    </>
  )
}
