import { Field } from '@/design/Field'
import type { Typed } from '@/connections/ways'
import { useMessages } from '@/language'

const PERIODS = ['60', '300', '900', '3600', '21600', '86400'] as const

type Poll = Typed['poll']
type PollProps = { typed: Poll; onTyped: (typed: Poll) => void }

/** The address to ask again and again. */
export function PollFields({ typed, onTyped }: PollProps) {
  const { form: words } = useMessages().connections
  const given = valuesOf(typed, onTyped)
  return (
    <>
      <Field label={words.url} hint={words.urlHint}>
        {(named) => (
          <input {...named} {...given('url')} required type="url" spellCheck={false} placeholder="https://" />
        )}
      </Field>
      <Period {...given('period')} />
      <div className="fields">
        <Field label={words.username} className="field grow">
          {(named) => <input {...named} {...given('username')} autoComplete="off" spellCheck={false} />}
        </Field>
        <Field label={words.token} className="field grow">
          {(named) => <input {...named} {...given('password')} type="password" autoComplete="new-password" />}
        </Field>
      </div>
      <p className="quiet">{words.tokenHint}</p>
      <details>
        <summary>{words.moreHeaders}</summary>
        <Field label={words.headers} hint={words.headersHint}>
          {(named) => (
            <textarea
              {...named}
              {...given('headers')}
              rows={2}
              spellCheck={false}
              placeholder="X-Api-Key: 0123456789"
            />
          )}
        </Field>
      </details>
    </>
  )
}

type Folder = Typed['folder']
type FolderProps = { owner: string; typed: Folder; onTyped: (typed: Folder) => void }

/** The folder of the server's machine to watch. */
export function FolderFields({ owner, typed, onTyped }: FolderProps) {
  const { form: words } = useMessages().connections
  const given = valuesOf(typed, onTyped)
  return (
    <>
      <Field label={words.folderPath} hint={words.folderHint(owner)}>
        {(named) => <input {...named} {...given('path')} spellCheck={false} placeholder="releves/eau" />}
      </Field>
      <div className="fields">
        <Pattern {...given('pattern')} />
        <Period {...given('period')} />
      </div>
    </>
  )
}

type Given = { value: string; onChange: (event: { target: { value: string } }) => void }

export function Pattern(given: Given) {
  const { form: words } = useMessages().connections
  return (
    <Field label={words.pattern} hint={words.patternHint} className="field grow">
      {(named) => <input {...named} {...given} required spellCheck={false} />}
    </Field>
  )
}

export function Period(given: Given) {
  const { form: words } = useMessages().connections
  return (
    <Field label={words.period} className="field grow">
      {(named) => (
        <select {...named} {...given}>
          {PERIODS.map((one) => (
            <option key={one} value={one}>
              {words.periods[one]}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

/** What an input of each name is given. */
export function valuesOf<T extends Record<string, string>>(typed: T, onTyped: (typed: T) => void) {
  return (name: keyof T & string): Given => ({
    value: typed[name] ?? '',
    onChange: (event) => onTyped({ ...typed, [name]: event.target.value }),
  })
}
