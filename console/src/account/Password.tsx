import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { changeMe } from '@/api/access'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

/** Choosing another password; `has`: whether there is one to be told first. */
export function Password({ has, email }: { has: boolean; email: string }) {
  const { account: words } = useSpeech().messages
  const [current, setCurrent] = useState('')
  const [fresh, setFresh] = useState('')
  const changing = useMutation({
    mutationFn: () => changeMe({ password: fresh, ...(current !== '' && { current }) }),
    onSuccess: (_, __, ___, { client }) => {
      setCurrent('')
      setFresh('')
      return client.invalidateQueries({ queryKey: ['me'] })
    },
  })
  return (
    <section className="part" aria-labelledby="my-password">
      <h2 id="my-password">{words.password}</h2>
      {!has && <p>{words.passwordNone}</p>}
      {changing.isError && <Trouble error={changing.error} />}
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          changing.mutate()
        }}
      >
        <input type="hidden" autoComplete="username" value={email} />
        {has && (
          <Field label={words.current} className="field narrow">
            {(field) => (
              <input
                {...field}
                type="password"
                autoComplete="current-password"
                value={current}
                onChange={({ target }) => setCurrent(target.value)}
              />
            )}
          </Field>
        )}
        <Field label={words.fresh} hint={words.passwordHint} className="field narrow">
          {(field) => (
            <input
              {...field}
              type="password"
              autoComplete="new-password"
              required
              minLength={12}
              value={fresh}
              onChange={({ target }) => setFresh(target.value)}
            />
          )}
        </Field>
        <div className="ways">
          <button type="submit" className="button" disabled={changing.isPending || fresh === ''}>
            {words.change}
          </button>
          <p role="status" className="result">
            {changing.isSuccess && words.changed}
          </p>
        </div>
      </form>
    </section>
  )
}
