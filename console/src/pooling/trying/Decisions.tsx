import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { decide } from '@/api/experiments'
import type { ExperimentPage } from '@/api/schema'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { verdictOf } from '@/pooling/trying/told'

const WAYS = ['stop', 'adjust', 'spread'] as const

/** What was decided, why, and on which figures; then the next decision. */
export function Decisions({ page, mayDecide }: { page: ExperimentPage; mayDecide: boolean }) {
  const { messages, formats } = useSpeech()
  const words = messages.experiments
  const based = page.effect && page.computation?.key
  if (page.decisions.length === 0 && !mayDecide) return null
  return (
    <section className="part">
      <h2>{words.decisions}</h2>
      {page.decisions.map((one) => (
        <article className="got" key={one.id}>
          <h3>{words.decided[one.decision]}</h3>
          <p>{one.reasons}</p>
          <p className="quiet">
            {words.basedOn(verdictOf(one.figures, words, formats))} ;{' '}
            {words.by(one.decided.by_name, formats.date(new Date(one.decided.at)))}.
          </p>
        </article>
      ))}
      {mayDecide &&
        (based == null ? (
          <p className="quiet screen">{words.measureFirst}</p>
        ) : (
          <Deciding experiment={page.kept.about.key} computation={based} />
        ))}
    </section>
  )
}

function Deciding({ experiment, computation }: { experiment: string; computation: string }) {
  const words = useSpeech().messages.experiments
  const [decision, setDecision] = useState<(typeof WAYS)[number]>('adjust')
  const [reasons, setReasons] = useState('')
  const deciding = useMutation({
    mutationFn: () => decide(experiment, { decision, reasons, computation }),
    onSuccess: async (_, __, ___, { client }) => {
      setReasons('')
      await client.invalidateQueries({ queryKey: ['pooling'] })
    },
  })
  return (
    <form
      className="sheet screen"
      onSubmit={(event) => {
        event.preventDefault()
        deciding.mutate()
      }}
    >
      <fieldset className="options-in-line">
        <legend>{words.decision}</legend>
        {WAYS.map((way) => (
          <label key={way}>
            <input
              type="radio"
              name="decision"
              checked={decision === way}
              onChange={() => setDecision(way)}
            />{' '}
            {words.decided[way]}
          </label>
        ))}
      </fieldset>
      <Field label={words.reasons} hint={words.decideExplained} className="field whole">
        {(given) => (
          <textarea
            {...given}
            className="prose"
            required
            rows={3}
            maxLength={5000}
            value={reasons}
            onChange={({ target }) => setReasons(target.value)}
          />
        )}
      </Field>
      <button type="submit" className="button main" disabled={deciding.isPending}>
        {words.decide}
      </button>
      {deciding.isError && <Trouble error={deciding.error} />}
    </form>
  )
}
