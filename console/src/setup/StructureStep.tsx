import { Field } from '@/design/Field'
import { useMessages } from '@/language'
import { FORMS, LISTED, type Draft, type Form } from '@/setup/draft'
import { EntryFinder } from '@/setup/EntryFinder'

type Props = { token: string; zone: string; draft: Draft; onDraft: (changes: Partial<Draft>) => void }

/** Who operates the instance: named, or found in the referential when it is a collectivité itself. */
export function StructureStep({ token, zone, draft, onDraft }: Props) {
  const { setup: words } = useMessages()
  const listed = LISTED[draft.form]
  return (
    <>
      <p className="over">{words.structureIntro}</p>
      <Field label={words.form}>
        {(named) => (
          <select
            {...named}
            value={draft.form}
            onChange={({ target }) => onDraft({ form: target.value as Form, entry: null, structure: '' })}
          >
            {FORMS.map((form) => (
              <option key={form} value={form}>
                {words.forms[form]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {listed !== undefined && (
        <EntryFinder
          token={token}
          label={words.findStructure}
          placeholder={words.findHint}
          kinds={[listed]}
          optionsOf={(entry) => [
            {
              id: entry.key,
              name: entry.name,
              detail: entry.kind === 'epci' ? (entry.departement ?? '') : entry.code,
              pick: () => onDraft({ entry: entry.key, structure: entry.name }),
            },
          ]}
        />
      )}
      <Field label={words.name} hint={words.zone(zone)}>
        {(named) => (
          <input
            {...named}
            required
            maxLength={200}
            value={draft.structure}
            onChange={({ target }) => onDraft({ structure: target.value })}
          />
        )}
      </Field>
      {listed === undefined && (
        <Field label={words.siren} hint={words.sirenHint}>
          {(named) => (
            <input
              {...named}
              inputMode="numeric"
              pattern="\s*(\d\s*){9}"
              value={draft.siren}
              onChange={({ target }) => onDraft({ siren: target.value })}
            />
          )}
        </Field>
      )}
    </>
  )
}
