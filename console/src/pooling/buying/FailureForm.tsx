import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { amendFailure, recordFailure } from '@/api/failures'
import type { Failure, NewFailure } from '@/api/schema'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

type Cause = NewFailure['cause']
type Outcome = NonNullable<NewFailure['outcome']>

/** A failure: when, why, and how it ended. `open`: the one under way, that is completed. */
export function FailureForm({ device, open }: { device: number; open: Failure | undefined }) {
  const { messages } = useSpeech()
  const words = messages.purchases.failures
  const [form, setForm] = useState({
    failed: open?.failed_on ?? '',
    cause: open?.cause ?? 'unknown',
    ended: '',
    outcome: '',
    part: open?.part ?? '',
    note: open?.note ?? '',
  })
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change })
  const saving = useMutation({
    mutationFn: async () => {
      const told: NewFailure = {
        device,
        failed_on: form.failed,
        cause: form.cause,
        ended_on: form.ended === '' ? null : form.ended,
        outcome: form.outcome === '' ? null : (form.outcome as Outcome),
        part: form.part,
        note: form.note,
      }
      await (open === undefined ? recordFailure(told) : amendFailure(open.id, told))
    },
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  const day = (name: 'failed' | 'ended', label: string, required: boolean) => (
    <Field label={label}>
      {(given) => (
        <input
          {...given}
          type="date"
          required={required}
          value={form[name]}
          onChange={({ target }) => set({ [name]: target.value })}
        />
      )}
    </Field>
  )
  return (
    <form
      className="sheet wide-sheet"
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate()
      }}
    >
      <div className="fields end">
        {day('failed', words.failedOn, true)}
        <Field label={words.cause}>
          {(given) => (
            <select
              {...given}
              value={form.cause}
              onChange={({ target }) => set({ cause: target.value as Cause })}
            >
              {Object.entries(words.causes).map(([cause, said]) => (
                <option key={cause} value={cause}>
                  {said}
                </option>
              ))}
            </select>
          )}
        </Field>
        {day('ended', words.endedOn, form.outcome !== '')}
        <Field label={words.outcome}>
          {(given) => (
            <select
              {...given}
              required={form.ended !== ''}
              value={form.outcome}
              onChange={({ target }) => set({ outcome: target.value })}
            >
              <option value="">{words.still}</option>
              {Object.entries(words.outcomes).map(([outcome, said]) => (
                <option key={outcome} value={outcome}>
                  {said}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.part}>
          {(given) => (
            <input
              {...given}
              maxLength={200}
              value={form.part}
              onChange={({ target }) => set({ part: target.value })}
            />
          )}
        </Field>
        <Field label={words.note} className="field grow">
          {(given) => (
            <input
              {...given}
              maxLength={2000}
              value={form.note}
              onChange={({ target }) => set({ note: target.value })}
            />
          )}
        </Field>
      </div>
      <button type="submit" className="button main" disabled={saving.isPending}>
        {words.save}
      </button>
      {saving.isError && <Trouble error={saving.error} />}
    </form>
  )
}
