import { useState } from 'react'
import { askGroups } from '@/api/withWhom'
import type { Distance } from '@/api/schema'
import { useNow } from '@/design/now'
import { useSpeech } from '@/language'
import { CostLines } from '@/pooling/CostLines'
import { costOf, emptyCost, type CostDraft } from '@/pooling/costs'
import { decimal } from '@/pooling/faults'
import { keyOf, KeyFields, type KeyDraft } from '@/pooling/KeyFields'
import { Running } from '@/pooling/Running'
import { Amount, Typed } from '@/pooling/Typed'

const GROUPS = ['pooling', 'groups'] as const

/** What is asked of groups: over which years, from how far, and under which costs. */
export function AskGroups({ service, tender, again }: { service: string; tender: string; again: boolean }) {
  const { messages } = useSpeech()
  const words = messages.withWhom
  const next = useNow().getFullYear() + 1
  const [form, setForm] = useState({
    from: `${next}-01-01`,
    until: `${next + 4}-01-01`,
    perKm: '',
    farthest: '',
  })
  const [own, setOwn] = useState(false)
  const [costs, setCosts] = useState<CostDraft[]>([emptyCost('fixed')])
  const [key, setKey] = useState<KeyDraft>({ parts: [{ by: 'population', weight: '1' }], floor: '', cap: '' })
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change })
  const distance: Distance = {
    ...(form.perKm !== '' && { per_km: decimal(form.perKm) }),
    ...(form.farthest !== '' && { farthest: decimal(form.farthest) }),
  }
  return (
    <details className="part screen" open={!again}>
      <summary>{again ? words.askAgain : words.ask}</summary>
      <div className="fields">
        <Typed label={words.from} type="date" required value={form.from} onTyped={(from) => set({ from })} />
        <Typed
          label={words.until}
          type="date"
          required
          value={form.until}
          onTyped={(until) => set({ until })}
        />
        <Amount
          label={words.perKm}
          className="field"
          value={form.perKm}
          onTyped={(perKm) => set({ perKm })}
        />
        <Amount
          label={words.farthest}
          className="field"
          value={form.farthest}
          onTyped={(farthest) => set({ farthest })}
        />
      </div>
      <p className="quiet">{words.distanceHint}</p>
      <label className="check">
        <input type="checkbox" checked={own} onChange={({ target }) => setOwn(target.checked)} />
        {words.ownCosts}
      </label>
      {own && (
        <div className="sheet wider">
          <CostLines costs={costs} faults={[]} onChanged={setCosts} />
          <KeyFields value={key} faults={[]} onChanged={setKey} />
        </div>
      )}
      <Running
        subject={`${service} groups ${tender}`.trim()}
        label={words.compute}
        mayAsk
        ask={() =>
          askGroups({
            kind: 'groups',
            service,
            tender,
            from: form.from,
            until: form.until,
            ...((form.perKm !== '' || form.farthest !== '') && { distance }),
            ...(own && { costs: costs.map(costOf), sharing_key: keyOf(key) }),
          })
        }
        renews={GROUPS}
      />
    </details>
  )
}
