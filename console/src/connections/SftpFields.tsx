import { useMutation } from '@tanstack/react-query'
import { Trouble } from '@/design/Trouble'
import { hostKeyOf } from '@/connections/changes'
import { Field } from '@/design/Field'
import { Pattern, Period, valuesOf } from '@/connections/FetchFields'
import type { Typed } from '@/connections/ways'
import { useMessages } from '@/language'

type Sftp = Typed['sftp']
type Props = { owner: string; typed: Sftp; onTyped: (typed: Sftp) => void }

/** The server to empty, whose key a person must have compared. */
export function SftpFields({ owner, typed, onTyped }: Props) {
  const { form: words } = useMessages().connections
  const given = valuesOf(typed, onTyped)
  const elsewhere = (name: 'host' | 'port') => ({
    ...given(name),
    onChange: (event: { target: { value: string } }) =>
      onTyped({ ...typed, [name]: event.target.value, hostKey: '' }),
  })
  return (
    <>
      <div className="fields">
        <Field label={words.server} className="field grow">
          {(named) => (
            <input {...named} {...elsewhere('host')} required spellCheck={false} autoCapitalize="off" />
          )}
        </Field>
        <Field label={words.port} className="field port">
          {(named) => <input {...named} {...elsewhere('port')} required type="number" min={1} max={65535} />}
        </Field>
      </div>
      <HostKey
        key={`${typed.host}:${typed.port}`}
        owner={owner}
        host={typed.host.trim()}
        port={Number(typed.port)}
        trusted={typed.hostKey}
        onTrusted={(hostKey) => onTyped({ ...typed, hostKey })}
      />
      <div className="fields">
        <Field label={words.username} className="field grow">
          {(named) => (
            <input {...named} {...given('username')} required autoComplete="off" spellCheck={false} />
          )}
        </Field>
        <Field label={words.password} className="field grow">
          {(named) => <input {...named} {...given('password')} type="password" autoComplete="new-password" />}
        </Field>
      </div>
      <details>
        <summary>{words.byPrivateKey}</summary>
        <Field label={words.privateKey} hint={words.privateKeyHint}>
          {(named) => <textarea {...named} {...given('privateKey')} rows={4} spellCheck={false} />}
        </Field>
      </details>
      <Field label={words.remoteFolder} hint={words.remoteFolderHint}>
        {(named) => <input {...named} {...given('path')} spellCheck={false} />}
      </Field>
      <div className="fields">
        <Pattern {...given('pattern')} />
        <Period {...given('period')} />
      </div>
    </>
  )
}

type KeyProps = {
  owner: string
  host: string
  port: number
  trusted: string
  onTrusted: (hostKey: string) => void
}

/** The server's key, asked of it, and trusted only once a person says so. */
function HostKey({ owner, host, port, trusted, onTrusted }: KeyProps) {
  const { form: words } = useMessages().connections
  const asking = useMutation({ mutationFn: hostKeyOf })
  const shown = asking.data
  return (
    <div className="host-key">
      {shown === undefined ? (
        <>
          <button
            type="button"
            className="button"
            disabled={host === '' || asking.isPending}
            onClick={() => asking.mutate({ owner, host, port })}
          >
            {words.askKey}
          </button>
          <p className="quiet">{words.askKeyHint}</p>
        </>
      ) : (
        <>
          <p>{words.keyShown}</p>
          <p className="identifier">{shown.fingerprint}</p>
          <label className="check">
            <input
              type="checkbox"
              required
              checked={trusted === shown.host_key}
              onChange={(event) => onTrusted(event.target.checked ? shown.host_key : '')}
            />{' '}
            {words.keyTrusted}
          </label>
        </>
      )}
      {asking.isError && <Trouble error={asking.error} />}
    </div>
  )
}
