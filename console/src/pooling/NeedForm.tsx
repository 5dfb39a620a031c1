import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { declareNeed } from '@/api/withWhom'
import type { KeptNeed } from '@/api/schema'
import { Choice } from '@/design/Choice'
import { useSpeech } from '@/language'
import { decimal, faultAt, faultsOf, typed } from '@/pooling/faults'
import { Late } from '@/pooling/Late'
import { useNames, useRights } from '@/pooling/names'
import { Quantities } from '@/pooling/Quantities'
import { Amount, Typed } from '@/pooling/Typed'

type Props = {
  service: string
  tender: string
  /** The need that is said again. */
  before: KeptNeed | null
  /** Who has said one already. */
  taken: string[]
  onClose: () => void
}

/** What a collectivité needs of a service: said, or said again. */
export function NeedForm({ service, tender, before, taken, onClose }: Props) {
  const { messages, language } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  const rights = useRights()
  const queries = useQueryClient()
  const [form, setForm] = useState(() => formOf(before, tender, language))
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change })
  const options = (
    rights.edits ? names.collectivities.map(({ key }) => key) : rights.members.filter(rights.editsOf)
  )
    .filter((key) => key !== rights.structure && (!taken.includes(key) || form.tender !== tender))
    .map((value) => ({ value, name: names.member(value) }))
    .toSorted((one, other) => one.name.localeCompare(other.name, language))
  const member = form.member === '' ? (options[0]?.value ?? '') : form.member
  const declaring = useMutation({
    mutationFn: () =>
      declareNeed({
        member,
        service,
        tender: form.tender.trim(),
        note: form.note,
        after: before?.id ?? 0,
        example: before?.example ?? false,
        need: {
          quantities: Object.fromEntries(form.quantities.map((one) => [one.unit, decimal(one.value)])),
          ...(form.wished !== '' && { wished: form.wished }),
          ...(form.alone !== '' && { alone: decimal(form.alone) }),
          ...(form.ends !== '' && {
            contract: {
              ends: form.ends,
              yearly: decimal(form.yearly),
              penalty: form.penalty === '' ? '0' : decimal(form.penalty),
            },
          }),
        },
      }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['pooling'] })
      onClose()
    },
  })
  const faults = faultsOf(declaring.error)
  return (
    <form
      className="sheet"
      aria-label={before ? words.change : words.declare}
      onSubmit={(event) => {
        event.preventDefault()
        declaring.mutate()
      }}
    >
      <h3>{before ? words.changeOf(names.member(before.member)) : words.declare}</h3>
      <div className="fields">
        {before ? null : (
          <Choice
            label={messages.pooling.member}
            any={messages.pooling.choose}
            options={options}
            value={member}
            onChosen={(chosen) => set({ member: chosen })}
          />
        )}
        {before === null && (
          <Typed
            label={words.tender}
            hint={words.tenderHint}
            maxLength={100}
            value={form.tender}
            fault={faultAt(faults, 'tender')}
            onTyped={(value) => set({ tender: value })}
          />
        )}
      </div>
      <Quantities
        legend={words.columns.quantities}
        quantities={form.quantities}
        onChanged={(quantities) => set({ quantities })}
      />
      <div className="fields">
        <Typed
          label={words.columns.wished}
          type="date"
          value={form.wished}
          fault={faultAt(faults, 'need.wished')}
          onTyped={(value) => set({ wished: value })}
        />
        <Amount
          label={words.aloneLabel}
          hint={words.aloneHint}
          className="field narrow"
          value={form.alone}
          fault={faultAt(faults, 'need.alone')}
          onTyped={(value) => set({ alone: value })}
        />
      </div>
      <fieldset className="rows">
        <legend>{words.contract}</legend>
        <div className="fields">
          <Typed
            label={words.ends}
            type="date"
            value={form.ends}
            fault={faultAt(faults, 'need.contract.ends')}
            onTyped={(value) => set({ ends: value })}
          />
          <Amount
            label={words.yearly}
            className="field"
            required={form.ends !== ''}
            value={form.yearly}
            fault={faultAt(faults, 'need.contract.yearly')}
            onTyped={(value) => set({ yearly: value })}
          />
          <Amount
            label={words.penalty}
            className="field"
            value={form.penalty}
            fault={faultAt(faults, 'need.contract.penalty')}
            onTyped={(value) => set({ penalty: value })}
          />
        </div>
      </fieldset>
      <Typed
        label={words.note}
        maxLength={1000}
        value={form.note}
        onTyped={(value) => set({ note: value })}
      />
      {declaring.isError && (
        <Late
          error={declaring.error}
          reread={() => {
            void queries.invalidateQueries({ queryKey: ['pooling', 'needs'] })
            onClose()
          }}
        />
      )}
      <div className="ways">
        <button type="submit" className="button main" disabled={declaring.isPending || member === ''}>
          {messages.entering.keep}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {messages.entering.cancel}
        </button>
      </div>
    </form>
  )
}

function formOf(before: KeptNeed | null, tender: string, language: string) {
  const need = before?.need
  return {
    member: before?.member ?? '',
    tender,
    quantities: Object.entries(need?.quantities ?? { devices: '' }).map(([unit, value]) => ({
      unit,
      value: typed(value, language),
    })),
    wished: need?.wished ?? '',
    alone: typed(need?.alone, language),
    ends: need?.contract?.ends ?? '',
    yearly: typed(need?.contract?.yearly, language),
    penalty: typed(need?.contract?.penalty, language),
    note: before?.note ?? '',
  }
}
