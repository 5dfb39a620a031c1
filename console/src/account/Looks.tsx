import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { changeMe, saveLanguage } from '@/api/access'
import { sessionQuery } from '@/api/queries'
import type { Person } from '@/api/schema'
import { Field } from '@/design/Field'
import { chooseTheme, useTheme } from '@/design/theme'
import { Trouble } from '@/design/Trouble'
import { useSpeech, type Language } from '@/language'

/** The name that others see. */
export function Name({ person }: { person: Person }) {
  const { account: words } = useSpeech().messages
  const [name, setName] = useState(person.name)
  const saving = useMutation({
    mutationFn: () => changeMe({ name: name.trim() }),
    onSuccess: async (_, __, ___, { client }) => {
      await client.invalidateQueries({ queryKey: ['me'] })
      await client.invalidateQueries(sessionQuery)
    },
  })
  const same = name.trim() === person.name
  return (
    <section className="part" aria-labelledby="my-name">
      <h2 id="my-name">{words.nameTitle}</h2>
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        {saving.isError && <Trouble error={saving.error} />}
        <Field label={words.name}>
          {(field) => (
            <input
              {...field}
              required
              maxLength={200}
              autoComplete="name"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <div className="ways">
          <button type="submit" className="button" disabled={same || name.trim() === '' || saving.isPending}>
            {words.save}
          </button>
          <p role="status" className="result">
            {saving.isSuccess && same && words.saved}
          </p>
        </div>
      </form>
    </section>
  )
}

/** The language of one's account, the theme of this browser. */
export function Looks() {
  const { messages, language, speak } = useSpeech()
  const words = messages.account
  const theme = useTheme()
  const id = useId()
  const saving = useMutation({
    mutationFn: saveLanguage,
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries(sessionQuery),
  })
  const choose = (chosen: Language) => {
    speak(chosen)
    saving.mutate(chosen)
  }
  return (
    <section className="part" aria-labelledby="looks">
      <h2 id="looks">{words.looks}</h2>
      {saving.isError && <Trouble error={saving.error} />}
      <fieldset className="choices-of">
        <legend>{words.language}</legend>
        {(['fr', 'en'] as const).map((one) => (
          <label key={one} className="check" lang={one}>
            <input
              type="radio"
              name={`${id}-language`}
              checked={language === one}
              onChange={() => choose(one)}
            />
            {words.languages[one]}
          </label>
        ))}
      </fieldset>
      <fieldset className="choices-of">
        <legend>{words.theme}</legend>
        {(['light', 'dark'] as const).map((one) => (
          <label key={one} className="check">
            <input
              type="radio"
              name={`${id}-theme`}
              checked={theme === one}
              onChange={() => chooseTheme(one)}
            />
            {words.themes[one]}
          </label>
        ))}
      </fieldset>
      <p className="quiet">{words.themeHint}</p>
    </section>
  )
}
