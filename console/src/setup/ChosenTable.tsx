import { useRef } from 'react'
import type { Entry } from '@/api/schema'
import { useSpeech } from '@/language'

type Props = { members: Entry[]; onTaken: (key: string) => void; onEmpty: () => void }

/** Those chosen, each of which can be taken away; the focus goes on to the next one. */
export function ChosenTable({ members, onTaken, onEmpty }: Props) {
  const { messages, formats } = useSpeech()
  const { setup: words, none } = messages
  const body = useRef<HTMLTableSectionElement>(null)
  const take = (key: string, rank: number) => {
    const buttons = body.current?.querySelectorAll('button') ?? []
    const next = buttons[rank + 1] ?? buttons[rank - 1]
    if (next) next.focus()
    else onEmpty()
    onTaken(key)
  }
  return (
    <div className="scroll tall listing" role="region" aria-label={words.chosen} tabIndex={0}>
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
                  aria-label={words.takeAwayThis(one.name)}
                  onClick={() => take(one.key, rank)}
                >
                  {words.takeAway}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
