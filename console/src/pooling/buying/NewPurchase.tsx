import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { catalogueQuery, openPurchase } from '@/api/purchases'
import { servicesQuery } from '@/api/queries'
import { Choice } from '@/design/Choice'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { Criteria, type Judging } from '@/pooling/buying/Criteria'

type Lot = { id: number; name: string; model: string; requirement: string; warranty: number }

const FIRST: Lot = { id: 0, name: '', model: '', requirement: '', warranty: 24 }

/** Opens a purchase: its lots, until when needs are taken, what binds the allotment. */
export function NewPurchase() {
  const { messages, language } = useSpeech()
  const words = messages.purchases
  const services = useQuery(servicesQuery)
  const catalogue = useQuery(catalogueQuery)
  const navigate = useNavigate()
  const [form, setForm] = useState({
    name: '',
    service: '',
    closes: '',
    split: false,
    suppliers: '',
    budget: '',
    because: '',
  })
  const [criteria, setCriteria] = useState<Judging[]>([])
  const [lots, setLots] = useState([FIRST])
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change })
  const change = (id: number, told: Partial<Lot>) =>
    setLots(lots.map((one) => (one.id === id ? { ...one, ...told } : one)))
  const opening = useMutation({
    mutationFn: () =>
      openPurchase({
        name: form.name,
        service: form.service,
        closes_on: form.closes,
        lots: lots.map((one) => ({
          name: one.name,
          model: one.model,
          requirement: one.requirement,
          warranty_months: one.warranty,
        })),
        terms: {
          split: form.split && criteria.length === 0,
          suppliers: form.suppliers === '' || criteria.length > 0 ? null : Number(form.suppliers),
          budget: form.budget === '' ? null : form.budget.replace(',', '.'),
          discounts_because: criteria.length === 0 ? form.because : '',
        },
        criteria: criteria.map(({ name, aspect, weight, about }) => ({
          name,
          aspect,
          weight: weight.replace(',', '.'),
          about,
        })),
      }),
    onSuccess: async (made, _, __, { client }) => {
      await client.invalidateQueries({ queryKey: ['pooling', 'purchases'] })
      await navigate({ to: '/pooling/purchases/$key', params: { key: made.key } })
    },
  })
  const models = (catalogue.data ?? []).map(({ model }) => ({
    value: model.code,
    name: `${model.maker} ${model.name}`,
  }))
  const named = (services.data?.items ?? []).map((one) => ({
    value: one.code,
    name: one[`name_${language}`],
  }))
  return (
    <details className="part screen">
      <summary>{words.make.title}</summary>
      <form
        className="sheet wide-sheet"
        onSubmit={(event) => {
          event.preventDefault()
          opening.mutate()
        }}
      >
        <div className="fields">
          <Field label={words.name} className="field grow">
            {(given) => (
              <input
                {...given}
                required
                maxLength={200}
                value={form.name}
                onChange={({ target }) => set({ name: target.value })}
              />
            )}
          </Field>
          <Choice
            label={words.service}
            any={messages.pooling.choose}
            options={named}
            value={form.service}
            onChosen={(service) => set({ service })}
          />
          <Field label={words.closesOn}>
            {(given) => (
              <input
                {...given}
                type="date"
                required
                value={form.closes}
                onChange={({ target }) => set({ closes: target.value })}
              />
            )}
          </Field>
        </div>
        {lots.map((lot) => (
          <fieldset className="fields end" key={lot.id}>
            <legend>{words.lot}</legend>
            <Field label={words.make.lotName}>
              {(given) => (
                <input
                  {...given}
                  required
                  maxLength={200}
                  value={lot.name}
                  onChange={({ target }) => change(lot.id, { name: target.value })}
                />
              )}
            </Field>
            <Choice
              label={words.model}
              any={messages.pooling.choose}
              options={models}
              value={lot.model}
              onChosen={(model) => change(lot.id, { model })}
            />
            <Field label={words.requirement} className="field grow">
              {(given) => (
                <input
                  {...given}
                  maxLength={2000}
                  value={lot.requirement}
                  onChange={({ target }) => change(lot.id, { requirement: target.value })}
                />
              )}
            </Field>
            <Field label={words.warranty} className="field port">
              {(given) => (
                <input
                  {...given}
                  type="number"
                  min={0}
                  max={240}
                  required
                  value={lot.warranty}
                  onChange={({ target }) => change(lot.id, { warranty: target.valueAsNumber || 0 })}
                />
              )}
            </Field>
            {lots.length > 1 && (
              <button
                type="button"
                className="button"
                onClick={() => setLots(lots.filter((one) => one.id !== lot.id))}
              >
                {words.make.removeLot}
              </button>
            )}
          </fieldset>
        ))}
        <button
          type="button"
          className="button"
          onClick={() => setLots([...lots, { ...FIRST, id: Math.max(...lots.map((one) => one.id)) + 1 }])}
        >
          {words.make.addLot}
        </button>
        <div className="fields end">
          {criteria.length === 0 && (
            <Field label={words.make.suppliers} className="field port">
              {(given) => (
                <input
                  {...given}
                  type="number"
                  min={1}
                  max={12}
                  value={form.suppliers}
                  onChange={({ target }) => set({ suppliers: target.value })}
                />
              )}
            </Field>
          )}
          <Field label={words.make.budget} className="field port">
            {(given) => (
              <input
                {...given}
                inputMode="decimal"
                pattern="[0-9]+([.,][0-9]+)?"
                value={form.budget}
                onChange={({ target }) => set({ budget: target.value })}
              />
            )}
          </Field>
          {criteria.length === 0 && (
            <label className="check">
              <input
                type="checkbox"
                checked={form.split}
                onChange={({ target }) => set({ split: target.checked })}
              />
              {words.make.split}
            </label>
          )}
        </div>
        {criteria.length === 0 && (
          <Field label={words.award.because} hint={words.award.becauseExplained} className="field whole">
            {(given) => (
              <input
                {...given}
                maxLength={500}
                value={form.because}
                onChange={({ target }) => set({ because: target.value })}
              />
            )}
          </Field>
        )}
        <Criteria criteria={criteria} onChanged={setCriteria} />
        <button type="submit" className="button main" disabled={opening.isPending}>
          {words.make.save}
        </button>
        {opening.isError && <Trouble error={opening.error} />}
      </form>
    </details>
  )
}
