import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { keepOffer } from '@/api/purchases'
import type { Purchase } from '@/api/schema'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useRights } from '@/pooling/names'

/** What suppliers ask, tier by tier; the structure types it. */
export function Offers({ one }: { one: Purchase }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  const rights = useRights()
  const withdrawing = useMutation({
    mutationFn: (supplier: string) => keepOffer(one.key, { supplier, lots: [] }),
    onSettled: (_, __, ___, ____, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  const because = one.document.terms?.discounts_because ?? ''
  const mayChange = rights.edits && one.state !== 'ordered'
  return (
    <section className="part">
      <h2>{words.one.offers}</h2>
      {because !== '' && <p>{words.award.allowed(because)}</p>}
      {one.offers.length === 0 && <p className="quiet">{words.one.noOffers}</p>}
      {one.offers.map(({ offer }) => (
        <article className="got" key={offer.supplier}>
          <h3>{offer.supplier}</h3>
          <div
            className="wide"
            tabIndex={0}
            role="region"
            aria-label={`${words.one.offers} : ${offer.supplier}`}
          >
            <table className="listing">
              <thead>
                <tr>
                  <th scope="col">{words.lot}</th>
                  {[words.one.from, words.one.price, words.one.fixed, words.one.least, words.one.most].map(
                    (title) => (
                      <th scope="col" className="number" key={title}>
                        {title}
                      </th>
                    ),
                  )}
                </tr>
              </thead>
              <tbody>
                {offer.lots.flatMap((lot) =>
                  lot.tiers.map((tier) => (
                    <tr key={`${lot.lot} ${tier.from}`}>
                      <th scope="row">{lot.lot}</th>
                      <td className="number">{formats.integer(tier.from)}</td>
                      <td className="number value">{formats.cents(Number(tier.price))}</td>
                      <td className="number">{formats.cents(Number(lot.fixed ?? 0))}</td>
                      <td className="number">{lot.least ? formats.integer(lot.least) : '—'}</td>
                      <td className="number">{lot.most == null ? '—' : formats.integer(lot.most)}</td>
                    </tr>
                  )),
                )}
              </tbody>
            </table>
          </div>
          {(offer.discounts ?? []).length > 0 && (
            <p>
              {words.award.discounts} :{' '}
              {formats.list(
                (offer.discounts ?? []).map((one) =>
                  words.award.discount(
                    formats.number(Number(one.percent)),
                    formats.integer(one.from),
                    words.award.of[one.of],
                  ),
                ),
              )}
              .
            </p>
          )}
          {mayChange && (
            <button
              type="button"
              className="plain screen"
              disabled={withdrawing.isPending}
              onClick={() => withdrawing.mutate(offer.supplier)}
            >
              {words.one.withdraw}
              <span className="unseen"> {offer.supplier}</span>
            </button>
          )}
        </article>
      ))}
      {withdrawing.isError && <Trouble error={withdrawing.error} />}
      {mayChange && <Typing one={one} />}
    </section>
  )
}

type Of = 'lots' | 'units' | 'euros'
type Rebate = { id: number; of: Of; from: string; percent: string }

const KINDS: Of[] = ['lots', 'units', 'euros']
const MOST_DISCOUNTS = 3

type Row = { id: number; lot: string; from: string; price: string }

function Typing({ one }: { one: Purchase }) {
  const words = useSpeech().messages.purchases
  const first = one.document.lots[0]?.name ?? ''
  const [supplier, setSupplier] = useState('')
  const [limits, setLimits] = useState<Record<string, { fixed: string; least: string; most: string }>>({})
  const [rows, setRows] = useState<Row[]>([{ id: 0, lot: first, from: '1', price: '' }])
  const [rebates, setRebates] = useState<Rebate[]>([])
  const change = (id: number, told: Partial<Row>) =>
    setRows(rows.map((row) => (row.id === id ? { ...row, ...told } : row)))
  const ofLot = (lot: string) => limits[lot] ?? { fixed: '0', least: '0', most: '' }
  const lots = [...new Set(rows.map((row) => row.lot))]
  const keeping = useMutation({
    mutationFn: () =>
      keepOffer(one.key, {
        supplier,
        lots: lots.map((lot) => ({
          lot,
          tiers: rows
            .filter((row) => row.lot === lot)
            .map((row) => ({ from: Number(row.from), price: row.price.replace(',', '.') }))
            .toSorted((low, high) => low.from - high.from),
          fixed: ofLot(lot).fixed.replace(',', '.'),
          least: Number(ofLot(lot).least),
          most: ofLot(lot).most === '' ? null : Number(ofLot(lot).most),
        })),
        discounts: rebates.map((one) => ({
          of: one.of,
          from: Number(one.from),
          percent: one.percent.replace(',', '.'),
        })),
      }),
    onSuccess: async (_, __, ___, { client }) => {
      setSupplier('')
      setRows([{ id: 0, lot: first, from: '1', price: '' }])
      setRebates([])
      await client.invalidateQueries({ queryKey: ['pooling'] })
    },
  })
  return (
    <details className="screen">
      <summary>{words.one.typeOffer}</summary>
      <form
        className="sheet wide-sheet"
        onSubmit={(event) => {
          event.preventDefault()
          keeping.mutate()
        }}
      >
        <Field label={words.one.supplier} className="field whole">
          {(given) => (
            <input
              {...given}
              required
              maxLength={200}
              value={supplier}
              onChange={({ target }) => setSupplier(target.value)}
            />
          )}
        </Field>
        {rows.map((row) => (
          <div className="fields end" key={row.id}>
            <Field label={words.lot}>
              {(given) => (
                <select
                  {...given}
                  value={row.lot}
                  onChange={({ target }) => change(row.id, { lot: target.value })}
                >
                  {one.document.lots.map((lot) => (
                    <option key={lot.name}>{lot.name}</option>
                  ))}
                </select>
              )}
            </Field>
            <Field label={words.one.from} className="field port">
              {(given) => (
                <input
                  {...given}
                  type="number"
                  min={1}
                  required
                  value={row.from}
                  onChange={({ target }) => change(row.id, { from: target.value })}
                />
              )}
            </Field>
            <Field label={words.one.price} className="field port">
              {(given) => (
                <input
                  {...given}
                  required
                  inputMode="decimal"
                  pattern="[0-9]+([.,][0-9]+)?"
                  value={row.price}
                  onChange={({ target }) => change(row.id, { price: target.value })}
                />
              )}
            </Field>
          </div>
        ))}
        <button
          type="button"
          className="button"
          onClick={() =>
            setRows([
              ...rows,
              { id: Math.max(...rows.map((row) => row.id)) + 1, lot: first, from: '', price: '' },
            ])
          }
        >
          {words.one.addTier}
        </button>
        {lots.map((lot) => (
          <fieldset className="fields end" key={lot}>
            <legend>{lot}</legend>
            {(['fixed', 'least', 'most'] as const).map((name) => (
              <Field label={words.one[name]} className="field port" key={name}>
                {(given) => (
                  <input
                    {...given}
                    inputMode="decimal"
                    pattern={name === 'fixed' ? '[0-9]+([.,][0-9]+)?' : '[0-9]*'}
                    value={ofLot(lot)[name]}
                    onChange={({ target }) =>
                      setLimits({ ...limits, [lot]: { ...ofLot(lot), [name]: target.value } })
                    }
                  />
                )}
              </Field>
            ))}
          </fieldset>
        ))}
        {(one.document.terms?.discounts_because ?? '') !== '' && (
          <Rebates rebates={rebates} onChanged={setRebates} />
        )}
        <button type="submit" className="button main" disabled={keeping.isPending}>
          {words.one.saveOffer}
        </button>
        {keeping.isError && <Trouble error={keeping.error} />}
      </form>
    </details>
  )
}

function Rebates({ rebates, onChanged }: { rebates: Rebate[]; onChanged: (told: Rebate[]) => void }) {
  const words = useSpeech().messages.purchases.award
  const change = (id: number, told: Partial<Rebate>) =>
    onChanged(rebates.map((one) => (one.id === id ? { ...one, ...told } : one)))
  return (
    <>
      {rebates.map((one) => (
        <fieldset className="fields end" key={one.id}>
          <legend>{words.discounts}</legend>
          <Field label={words.percent} className="field port">
            {(given) => (
              <input
                {...given}
                required
                inputMode="decimal"
                pattern="[0-9]+([.,][0-9]+)?"
                value={one.percent}
                onChange={({ target }) => change(one.id, { percent: target.value })}
              />
            )}
          </Field>
          <Field label={words.discountFrom} className="field port">
            {(given) => (
              <input
                {...given}
                type="number"
                min={1}
                required
                value={one.from}
                onChange={({ target }) => change(one.id, { from: target.value })}
              />
            )}
          </Field>
          <Field label={words.aspect}>
            {(given) => (
              <select
                {...given}
                value={one.of}
                onChange={({ target }) => change(one.id, { of: target.value as Of })}
              >
                {KINDS.map((of) => (
                  <option key={of} value={of}>
                    {words.of[of]}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </fieldset>
      ))}
      {rebates.length < MOST_DISCOUNTS && (
        <button
          type="button"
          className="button"
          onClick={() => onChanged([...rebates, { id: rebates.length, of: 'lots', from: '2', percent: '' }])}
        >
          {words.addDiscount}
        </button>
      )}
    </>
  )
}
