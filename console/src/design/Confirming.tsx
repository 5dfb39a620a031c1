import { useId, useState } from 'react'
import { useMessages } from '@/language'

type Props = {
  /** What must be typed. */
  name: string
  label: string
  explained: string
  confirm: string
  pending: boolean
  onConfirmed: () => void
  onClose: () => void
}

/** Asks that a name be typed before what cannot be undone. */
export function Confirming({ name, label, explained, confirm, pending, onConfirmed, onClose }: Props) {
  const { cancel } = useMessages().connections.ending
  const [typed, setTyped] = useState('')
  const id = useId()
  const same = typed.trim() === name
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        if (same) onConfirmed()
      }}
    >
      <p>{explained}</p>
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <input id={id} autoComplete="off" value={typed} onChange={({ target }) => setTyped(target.value)} />
      </div>
      <div className="ways">
        <button type="submit" className="button main" disabled={!same || pending}>
          {confirm}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {cancel}
        </button>
      </div>
    </form>
  )
}
