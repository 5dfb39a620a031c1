import { useQuery } from '@tanstack/react-query'
import { observedPropertiesQuery, servicesQuery } from '@/api/queries'
import { Choice } from '@/design/Choice'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'
import type { Draft } from '@/pooling/trying/draft'

export type Props = { draft: Draft; set: (change: Partial<Draft>) => void }

const MEASURABLE = ['number', 'counter', 'boolean']

export function AboutFields({ draft, set }: Props) {
  const { messages, language } = useSpeech()
  const words = messages.experiments
  const services = useQuery(servicesQuery)
  const properties = useQuery(observedPropertiesQuery)
  const named = (one: { code: string; name_fr: string; name_en: string }) => ({
    value: one.code,
    name: one[`name_${language}`],
  })
  const sorted = (options: { value: string; name: string }[]) =>
    options.toSorted((one, other) => one.name.localeCompare(other.name, language))
  const measurable = (properties.data?.items ?? []).filter((one) => MEASURABLE.includes(one.value_kind))
  const none = { cohort: [], comparison: [] }
  return (
    <section className="part">
      <h2>{words.form.about}</h2>
      <Field label={words.name} className="field whole">
        {(given) => (
          <input
            {...given}
            required
            maxLength={200}
            value={draft.name}
            onChange={({ target }) => set({ name: target.value })}
          />
        )}
      </Field>
      <Field label={words.hypothesis} className="field whole">
        {(given) => (
          <textarea
            {...given}
            className="prose"
            required
            rows={3}
            maxLength={2000}
            value={draft.hypothesis}
            onChange={({ target }) => set({ hypothesis: target.value })}
          />
        )}
      </Field>
      <div className="fields">
        <Field label={words.action} className="field grow">
          {(given) => (
            <input
              {...given}
              required
              maxLength={200}
              value={draft.action}
              onChange={({ target }) => set({ action: target.value })}
            />
          )}
        </Field>
        <Choice
          label={words.service}
          any={messages.pooling.choose}
          options={sorted((services.data?.items ?? []).map(named))}
          value={draft.service}
          onChosen={(service) => set({ service, ...none })}
        />
        <Choice
          label={words.property}
          any={messages.pooling.choose}
          options={sorted(measurable.map(named))}
          value={draft.observed_property}
          onChosen={(observed_property) => set({ observed_property, ...none })}
        />
        <Field label={words.wanted}>
          {(given) => (
            <select
              {...given}
              value={draft.wanted}
              onChange={({ target }) => set({ wanted: target.value === 'more' ? 'more' : 'less' })}
            >
              <option value="less">{words.wantedWays.less}</option>
              <option value="more">{words.wantedWays.more}</option>
            </select>
          )}
        </Field>
        <Field label={words.expected} className="field port">
          {(given) => (
            <input
              {...given}
              type="number"
              min={0}
              max={1000}
              step="any"
              value={draft.expected ?? ''}
              onChange={({ target }) => set({ expected: target.value === '' ? null : target.valueAsNumber })}
            />
          )}
        </Field>
      </div>
    </section>
  )
}

export function PeriodFields({ draft, set }: Props) {
  const words = useSpeech().messages.experiments
  const day = (label: string, value: string, onDay: (day: string) => void) => (
    <Field label={label} key={label}>
      {(given) => (
        <input {...given} type="date" required value={value} onChange={({ target }) => onDay(target.value)} />
      )}
    </Field>
  )
  return (
    <section className="part">
      <h2>{words.form.periods}</h2>
      {(['before', 'after'] as const).map((name) => (
        <fieldset className="fields" key={name}>
          <legend>{words[name]}</legend>
          {(['first', 'last'] as const).map((end) =>
            day(words[end], draft[name][end], (value) => set({ [name]: { ...draft[name], [end]: value } })),
          )}
        </fieldset>
      ))}
      <div className="fields">{day(words.decideBy, draft.decide_by, (decide_by) => set({ decide_by }))}</div>
    </section>
  )
}

export function MoneyFields({ draft, set }: Props) {
  const words = useSpeech().messages.experiments
  return (
    <section className="part">
      <h2>{words.form.money}</h2>
      <div className="fields">
        <Field label={words.cost} className="field port">
          {(given) => (
            <input
              {...given}
              inputMode="decimal"
              pattern="[0-9]+([.,][0-9]+)?"
              value={draft.cost ?? ''}
              onChange={({ target }) => set({ cost: target.value.replace(',', '.') })}
            />
          )}
        </Field>
        <Field label={words.costNote} className="field grow">
          {(given) => (
            <input
              {...given}
              maxLength={500}
              value={draft.cost_note ?? ''}
              onChange={({ target }) => set({ cost_note: target.value })}
            />
          )}
        </Field>
      </div>
      <Field label={words.note} className="field whole">
        {(given) => (
          <textarea
            {...given}
            className="prose"
            rows={2}
            maxLength={2000}
            value={draft.note ?? ''}
            onChange={({ target }) => set({ note: target.value })}
          />
        )}
      </Field>
    </section>
  )
}
