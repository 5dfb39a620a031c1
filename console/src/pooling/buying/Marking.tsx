import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { markOffer } from '@/api/purchases'
import type { LotsAnalysis, Purchase } from '@/api/schema'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

type Given = Record<string, { mark: string; because: string }>

/** Marks an offer for a lot, criterion by criterion, each with why. */
export function Marking({ one, told }: { one: Purchase; told: LotsAnalysis }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  const lots = told.lots.filter((lot) => lot.offers.length > 0)
  const [chosen, setChosen] = useState({ lot: '', supplier: '' })
  const lot = lots.find((each) => each.lot === chosen.lot) ?? lots[0]
  const offer = lot?.offers.find((each) => each.supplier === chosen.supplier) ?? lot?.offers[0]
  const [typed, setTyped] = useState<Given>({})
  const criteria = told.criteria.filter((each) => each.aspect !== 'price')
  const of = (criterion: string) => {
    const known = offer?.marks.find((mark) => mark.criterion === criterion)
    const mark = known?.mark == null ? '' : formats.number(Number(known.mark))
    return typed[criterion] ?? { mark, because: known?.because ?? '' }
  }
  const marking = useMutation({
    mutationFn: () =>
      markOffer(one.key, {
        lot: lot?.lot ?? '',
        supplier: offer?.supplier ?? '',
        marks: criteria.map(({ name }) => ({
          criterion: name,
          mark: of(name).mark.replace(',', '.'),
          because: of(name).because,
        })),
      }),
    onSuccess: async (_, __, ___, { client }) => {
      setTyped({})
      await client.invalidateQueries({ queryKey: ['pooling', 'analysis'] })
    },
  })
  const choose = (told: Partial<typeof chosen>) => {
    setChosen({ lot: lot?.lot ?? '', supplier: offer?.supplier ?? '', ...told })
    setTyped({})
  }
  return (
    <details className="part screen">
      <summary>{words.award.mark}</summary>
      <form
        className="sheet wide-sheet"
        onSubmit={(event) => {
          event.preventDefault()
          marking.mutate()
        }}
      >
        <div className="fields">
          <Field label={words.lot}>
            {(given) => (
              <select {...given} value={lot?.lot} onChange={({ target }) => choose({ lot: target.value })}>
                {lots.map((each) => (
                  <option key={each.lot}>{each.lot}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label={words.one.supplier}>
            {(given) => (
              <select
                {...given}
                value={offer?.supplier}
                onChange={({ target }) => choose({ supplier: target.value })}
              >
                {lot?.offers
                  .map((each) => each.supplier)
                  .toSorted()
                  .map((each) => (
                    <option key={each}>{each}</option>
                  ))}
              </select>
            )}
          </Field>
        </div>
        {criteria.map(({ name }) => (
          <div className="fields" key={name}>
            <Field label={words.award.markOf(name)} className="field port">
              {(given) => (
                <input
                  {...given}
                  required
                  inputMode="decimal"
                  pattern="10([.,]0+)?|[0-9]([.,][0-9]+)?"
                  value={of(name).mark}
                  onChange={({ target }) =>
                    setTyped({ ...typed, [name]: { ...of(name), mark: target.value } })
                  }
                />
              )}
            </Field>
            <Field label={`${words.award.why} (${name})`} className="field grow">
              {(given) => (
                <input
                  {...given}
                  required
                  maxLength={2000}
                  value={of(name).because}
                  onChange={({ target }) =>
                    setTyped({ ...typed, [name]: { ...of(name), because: target.value } })
                  }
                />
              )}
            </Field>
          </div>
        ))}
        <p className="quiet">{words.award.again}</p>
        <button type="submit" className="button main" disabled={marking.isPending}>
          {words.award.save}
        </button>
        {marking.isError && <Trouble error={marking.error} />}
      </form>
    </details>
  )
}
