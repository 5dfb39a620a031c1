import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useLocation, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { NewAccount } from '@/access/NewAccount'
import { acceptInvitation } from '@/access/session'
import { tokenOf } from '@/access/token'
import { sessionQuery } from '@/api/queries'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useMessages, useSpeech } from '@/language'

/** Accepting an invitation: as who is signed in, or with a new account. */
export function InvitationPage() {
  const { access: words } = useMessages()
  const { language } = useSpeech()
  const navigate = useNavigate()
  const session = useQuery({ ...sessionQuery, retry: false })
  const [token] = useState(tokenOf(useLocation({ select: (location) => location.hash })))
  useTitle(words.invitationTitle)

  const acceptance = useMutation({
    mutationFn: (account: { name?: string; password?: string }) =>
      acceptInvitation({ token: token ?? '', language, ...account }),
    onSuccess: async (_, __, ___, { client }) => {
      client.clear()
      await navigate({ to: '/', replace: true })
    },
  })

  return (
    <div className="door">
      <h1>{words.invitationTitle}</h1>
      {acceptance.isError && <Trouble error={acceptance.error} />}
      {token === null ? (
        <p className="empty">{words.invitationMissing}</p>
      ) : session.data ? (
        <>
          <p className="over">{words.invitationAs(session.data.name)}</p>
          <form
            onSubmit={(event) => {
              event.preventDefault()
              acceptance.mutate({})
            }}
          >
            <button type="submit" className="button main" disabled={acceptance.isPending}>
              {words.accept}
            </button>
          </form>
        </>
      ) : (
        <>
          <p className="over">{words.invitationIntro}</p>
          <NewAccount pending={acceptance.isPending} onChosen={acceptance.mutate} />
          <p className="quiet">
            {words.invitationKnown}{' '}
            <Link to="/sign-in" search={{ next: `/invitation#token=${token}` }}>
              {words.signIn}
            </Link>
          </p>
        </>
      )}
    </div>
  )
}
