import { useMutation } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { useId, useState, type SubmitEvent } from 'react'
import { acceptInvitation } from '@/access/session'
import { tokenOf } from '@/access/token'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useMessages, useSpeech } from '@/language'

/** Accepting an invitation: the name others will see, and a password. */
export function InvitationPage() {
  const { access: words } = useMessages()
  const { language } = useSpeech()
  const navigate = useNavigate()
  const token = tokenOf(useLocation({ select: (location) => location.hash }))
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const id = useId()
  useTitle(words.invitationTitle)

  const acceptance = useMutation({
    mutationFn: (given: string) => acceptInvitation({ token: given, name, password, language }),
    onSuccess: () => navigate({ to: '/', replace: true }),
  })
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault()
    if (token !== null) acceptance.mutate(token)
  }

  return (
    <div className="door">
      <h1>{words.invitationTitle}</h1>
      {token === null ? (
        <p className="empty">{words.invitationMissing}</p>
      ) : (
        <>
          <p className="over">{words.invitationIntro}</p>
          {acceptance.isError && <Trouble error={acceptance.error} />}
          <form onSubmit={onSubmit}>
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
            <button type="submit" className="button main" disabled={acceptance.isPending}>
              {acceptance.isPending ? words.accepting : words.accept}
            </button>
          </form>
        </>
      )}
    </div>
  )
}
