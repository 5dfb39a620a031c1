import { useId } from 'react'
import type { Kind, NewConnection } from '@/api/schema'
import { useMessages } from '@/language'

export const NO_BROKER = { host: '', port: '8883', tls: true, username: '', password: '', topics: '' }
type Typed = typeof NO_BROKER

/** What was typed, as the server takes it; topics one a line. */
export function brokerOf(typed: Typed): Pick<NewConnection, 'broker' | 'password'> {
  const topics = typed.topics.split(/\s+/).filter((one) => one !== '')
  return {
    broker: {
      host: typed.host.trim(),
      port: Number(typed.port),
      tls: typed.tls,
      topics,
      ...(typed.username === '' ? {} : { username: typed.username }),
    },
    ...(typed.password === '' ? {} : { password: typed.password }),
  }
}

type Props = { kind: Kind; typed: Typed; onTyped: (typed: Typed) => void }

/** The broker to listen to. */
export function BrokerFields({ kind, typed, onTyped }: Props) {
  const { form: words } = useMessages().connections
  const id = useId()
  const given = (name: keyof Typed) => ({
    id: `${id}-${name}`,
    value: String(typed[name]),
    onChange: (event: { target: { value: string } }) => onTyped({ ...typed, [name]: event.target.value }),
  })
  return (
    <>
      <div className="fields">
        <div className="field grow">
          <label htmlFor={`${id}-host`}>{words.host}</label>
          <input {...given('host')} required spellCheck={false} autoCapitalize="off" />
        </div>
        <div className="field">
          <label htmlFor={`${id}-port`}>{words.port}</label>
          <input {...given('port')} required type="number" min={1} max={65535} />
        </div>
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={typed.tls}
          onChange={(event) => onTyped({ ...typed, tls: event.target.checked })}
        />{' '}
        {words.tls}
      </label>
      <div className="fields">
        <div className="field grow">
          <label htmlFor={`${id}-username`}>{words.username}</label>
          <input {...given('username')} autoComplete="off" spellCheck={false} />
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-password`}>{words.password}</label>
          <input {...given('password')} type="password" autoComplete="new-password" />
        </div>
      </div>
      <div className="field">
        <label htmlFor={`${id}-topics`}>{words.topics}</label>
        <textarea
          {...given('topics')}
          rows={3}
          spellCheck={false}
          required={kind.topics.length === 0}
          aria-describedby={`${id}-hint`}
        />
        <p id={`${id}-hint`} className="quiet">
          {kind.topics.length > 0 ? words.topicsHint(kind.topics.join(', ')) : words.topicsNeeded}
        </p>
      </div>
    </>
  )
}
