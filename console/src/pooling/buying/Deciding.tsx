import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { awardPurchase } from '@/api/purchases'
import type { LotsAnalysis, Purchase } from '@/api/schema'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

/** The award, as a person decides it, with its reason; the first in rank is only proposed. */
export function Deciding({ one, told }: { one: Purchase; told: LotsAnalysis }) {
  const words = useSpeech().messages.purchases
  const [chosen, setChosen] = useState<Record<string, string>>({})
  const [reason, setReason] = useState('')
  const deciding = useMutation({
    mutationFn: () =>
      awardPurchase(one.key, {
        lots: Object.fromEntries(told.lots.map((lot) => [lot.lot, to(lot.lot) === '' ? null : to(lot.lot)])),
        reason,
      }),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  const to = (lot: string) =>
    chosen[lot] ??
    told.lots
      .find((each) => each.lot === lot && each.tied.length === 0)
      ?.offers.find((each) => each.rank === 1)?.supplier ??
    ''
  const waits = told.lots.some((lot) =>
    lot.offers.some((offer) => offer.points == null && offer.amount != null),
  )
  if (one.state !== 'open' && (one.state !== 'closed' || waits)) return null
  return (
    <section className="part screen">
      <h2>{words.award.decide}</h2>
      {one.state === 'open' && <p className="quiet">{words.award.needsOpen}</p>}
      {one.state === 'closed' && (
        <form
          className="sheet wide-sheet"
          onSubmit={(event) => {
            event.preventDefault()
            deciding.mutate()
          }}
        >
          <p className="quiet">{words.award.decideExplained}</p>
          <div className="fields">
            {told.lots.map((lot) => (
              <Field label={lot.lot} key={lot.lot}>
                {(given) => (
                  <select
                    {...given}
                    value={to(lot.lot)}
                    onChange={({ target }) => setChosen({ ...chosen, [lot.lot]: target.value })}
                  >
                    <option value="">{words.award.nobody}</option>
                    {lot.offers
                      .filter((offer) => offer.rank != null)
                      .map((offer) => (
                        <option key={offer.supplier}>{offer.supplier}</option>
                      ))}
                  </select>
                )}
              </Field>
            ))}
          </div>
          <Field label={words.award.reason} className="field whole">
            {(given) => (
              <textarea
                {...given}
                required
                maxLength={5000}
                rows={3}
                value={reason}
                onChange={({ target }) => setReason(target.value)}
              />
            )}
          </Field>
          <button type="submit" className="button main" disabled={deciding.isPending}>
            {words.award.award}
          </button>
          {deciding.isError && <Trouble error={deciding.error} />}
        </form>
      )}
    </section>
  )
}
