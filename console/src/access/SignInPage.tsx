import { useMutation } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useId, useState, type SubmitEvent } from 'react'
import { signInWith } from '@/access/session'
import { isRefusal, statusOf } from '@/api/client'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useMessages } from '@/language'

const TOO_MANY = 429

const route = getRouteApi('/sign-in')

/** By e-mail and password. A one-time link was already tried by the route: `refused` says why it opened nothing. */
export function SignInPage() {
  const { access: words } = useMessages()
  const router = useRouter()
  const { next } = route.useSearch()
  const { refused } = route.useLoaderData()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const id = useId()
  useTitle(words.title)

  const signIn = useMutation({
    mutationFn: () => signInWith({ email, password }),
    onSuccess: () => router.history.push(next ?? '/'),
  })
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault()
    signIn.mutate()
  }

  return (
    <div className="door">
      <h1>{words.title}</h1>
      <p className="over">{words.intro}</p>
      {refused !== null && signIn.isIdle && (
        <LinkTrouble error={refused} retry={() => void router.invalidate()} />
      )}
      {signIn.isError && <Trouble error={signIn.error} />}
      <form onSubmit={onSubmit}>
        <div className="field">
          <label htmlFor={`${id}-email`}>{words.email}</label>
          <input
            id={`${id}-email`}
            type="email"
            autoComplete="username"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-password`}>{words.password}</label>
          <input
            id={`${id}-password`}
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </div>
        <button type="submit" className="button main" disabled={signIn.isPending}>
          {signIn.isPending ? words.signingIn : words.signIn}
        </button>
      </form>
      <p className="quiet">{words.byLink}</p>
    </div>
  )
}

/** A link that the server refused is of no use any more; one it could not look at can still be tried. */
function LinkTrouble({ error, retry }: { error: unknown; retry: () => void }) {
  const { access: words } = useMessages()
  return isRefusal(error) && statusOf(error) !== TOO_MANY ? (
    <Trouble error={error} title={words.linkFailed}>
      <p>{words.linkKept}</p>
    </Trouble>
  ) : (
    <Trouble error={error} retry={retry}>
      <p>{words.linkUnspent}</p>
    </Trouble>
  )
}
