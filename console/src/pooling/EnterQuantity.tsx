import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { enterQuantity } from '@/api/pooling'
import { servicesQuery } from '@/api/queries'
import { Trouble } from '@/design/Trouble'
import { useNow } from '@/design/now'
import { useSpeech } from '@/language'
import { useNames } from '@/pooling/names'

/** What no device tells: entered with who and when, withdrawn in sight if it is wrong. */
export function EnterQuantity({ member, year }: { member: string; year: number }) {
  const { messages } = useSpeech()
  const words = messages.pooling
  const names = useNames()
  const services = useQuery(servicesQuery)
  const id = useId()
  const present = useNow()
  const month = present.getFullYear() === year ? String(present.getMonth() + 1).padStart(2, '0') : '01'
  const [form, setForm] = useState({
    service: '',
    month: `${year}-${month}`,
    unit: 'interventions',
    quantity: '',
    note: '',
  })
  const set = (name: keyof typeof form, value: string) => setForm({ ...form, [name]: value })
  const service = form.service === '' ? (services.data?.items[0]?.code ?? '') : form.service
  const entering = useMutation({
    mutationFn: () => enterQuantity({ ...form, member, service, quantity: form.quantity.replace(',', '.') }),
    onSuccess: async (_, __, ___, { client }) => {
      setForm({ ...form, quantity: '', note: '' })
      await client.invalidateQueries({ queryKey: ['pooling'] })
    },
  })
  return (
    <details className="screen">
      <summary>{words.return.enter}</summary>
      <form
        className="fields end"
        onSubmit={(event) => {
          event.preventDefault()
          entering.mutate()
        }}
      >
        <div className="field">
          <label htmlFor={`${id}-service`}>{words.service}</label>
          <select
            id={`${id}-service`}
            value={service}
            onChange={({ target }) => set('service', target.value)}
          >
            {services.data?.items.map((one) => (
              <option key={one.code} value={one.code}>
                {names.service(one.code)}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-month`}>{words.return.month}</label>
          <input
            id={`${id}-month`}
            type="month"
            required
            min={`${year}-01`}
            max={`${year}-12`}
            value={form.month}
            onChange={({ target }) => set('month', target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-unit`}>{words.return.enterUnit}</label>
          <input
            id={`${id}-unit`}
            required
            maxLength={60}
            value={form.unit}
            onChange={({ target }) => set('unit', target.value)}
          />
        </div>
        <div className="field port">
          <label htmlFor={`${id}-quantity`}>{words.return.enterValue}</label>
          <input
            id={`${id}-quantity`}
            required
            inputMode="decimal"
            pattern="[0-9]+([.,][0-9]+)?"
            value={form.quantity}
            onChange={({ target }) => set('quantity', target.value)}
          />
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-note`}>{words.return.enterNote}</label>
          <input id={`${id}-note`} value={form.note} onChange={({ target }) => set('note', target.value)} />
        </div>
        <button type="submit" className="button main" disabled={entering.isPending}>
          {words.return.submit}
        </button>
      </form>
      {entering.isError && <Trouble error={entering.error} />}
    </details>
  )
}
