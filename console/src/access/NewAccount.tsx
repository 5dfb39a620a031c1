import { useId, useState } from 'react'
import { useMessages } from '@/language'

type Props = { pending: boolean; onChosen: (account: { name: string; password: string }) => void }

/** The name others will see, and a password. */
export function NewAccount({ pending, onChosen }: Props) {
  const { access: words } = useMessages()
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const id = useId()
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        onChosen({ name, password })
      }}
    >
      <div className="field">
        <label htmlFor={`${id}-name`}>{words.fullName}</label>
        <input
          id={`${id}-name`}
          autoComplete="name"
          required
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-password`}>{words.newPassword}</label>
        <input
          id={`${id}-password`}
          type="password"
          autoComplete="new-password"
          required
          minLength={12}
          aria-describedby={`${id}-hint`}
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <p id={`${id}-hint`} className="quiet">
          {words.newPasswordHint}
        </p>
      </div>
      <button type="submit" className="button main" disabled={pending}>
        {pending ? words.accepting : words.accept}
      </button>
    </form>
  )
}
