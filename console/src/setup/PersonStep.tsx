import { Field } from '@/design/Field'
import { useMessages } from '@/language'
import type { Draft } from '@/setup/draft'

type Props = {
  draft: Draft
  password: string
  onDraft: (changes: Partial<Draft>) => void
  onPassword: (password: string) => void
}

/** The account of who administers the instance first. */
export function PersonStep({ draft, password, onDraft, onPassword }: Props) {
  const { setup: words, access } = useMessages()
  return (
    <>
      <p className="over">{words.personIntro}</p>
      <Field label={access.fullName}>
        {(named) => (
          <input
            {...named}
            autoComplete="name"
            required
            maxLength={200}
            value={draft.name}
            onChange={({ target }) => onDraft({ name: target.value })}
          />
        )}
      </Field>
      <Field label={access.email}>
        {(named) => (
          <input
            {...named}
            type="email"
            autoComplete="username"
            required
            maxLength={254}
            value={draft.email}
            onChange={({ target }) => onDraft({ email: target.value })}
          />
        )}
      </Field>
      <Field label={access.newPassword} hint={access.newPasswordHint}>
        {(named) => (
          <input
            {...named}
            type="password"
            autoComplete="new-password"
            required
            minLength={12}
            maxLength={200}
            value={password}
            onChange={({ target }) => onPassword(target.value)}
          />
        )}
      </Field>
    </>
  )
}
