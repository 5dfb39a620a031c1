import { useId } from 'react'
import { useMessages } from '@/language'
import type { Owner } from '@/things/names'

type Props = { owners: Owner[]; of: Owner; onChosen: (key: string) => void }

/** Which of the collectivités that one administers a page is about; nothing where there is one. */
export function OfWhich({ owners, of, onChosen }: Props) {
  const { ofWhich } = useMessages()
  const id = useId()
  if (owners.length < 2) return null
  return (
    <div className="field of-which">
      <label htmlFor={id}>{ofWhich}</label>
      <select id={id} value={of.key} onChange={({ target }) => onChosen(target.value)}>
        {owners.map((one) => (
          <option key={one.key} value={one.key}>
            {one.name}
          </option>
        ))}
      </select>
    </div>
  )
}
