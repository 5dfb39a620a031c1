import type { CostModel, Grant } from '@/api/schema'
import { decimal, typed } from '@/pooling/faults'

type Cost = CostModel['costs'][number]
export type CostKind = Cost['kind']

/** In the order in which they are offered. */
export const COST_KINDS: CostKind[] = [
  'fixed',
  'per-unit',
  'stepped',
  'packs',
  'slices',
  'all-units',
  'investment',
]

export type Step = { limit: string; amount: string }
export type GrantDraft = {
  source: string
  amount: string
  rate: string
  eligible: string
  ceiling: string
  public: boolean
}

/** A cost as it is typed: every field of every kind, of which a kind uses some. */
export type CostDraft = {
  kind: CostKind
  name: string
  vat: string
  unit: string
  amount: string
  size: string
  /** Of steps: up to how many; of rates: from how many. */
  steps: Step[]
  years: string
  commissioned: string
  fctva: boolean
  fctvaRate: string
  ownPart: string
  grants: GrantDraft[]
}

export const emptyGrant = (): GrantDraft => ({
  source: '',
  amount: '',
  rate: '',
  eligible: '',
  ceiling: '',
  public: true,
})

export const emptyCost = (kind: CostKind): CostDraft => ({
  kind,
  name: '',
  vat: '',
  unit: 'devices',
  amount: '',
  size: '',
  steps: [{ limit: '', amount: '' }],
  years: '',
  commissioned: '',
  fctva: true,
  fctvaRate: '',
  ownPart: '',
  grants: [],
})

/** As it is kept; what is not typed takes the server's default. */
export function costOf(draft: CostDraft): Cost {
  const common = { name: draft.name.trim(), ...(draft.vat !== '' && { vat: decimal(draft.vat) }) }
  const { unit } = draft
  switch (draft.kind) {
    case 'fixed':
      return { kind: 'fixed', ...common, amount: decimal(draft.amount) }
    case 'per-unit':
      return { kind: 'per-unit', ...common, unit, price: decimal(draft.amount) }
    case 'packs':
      return { kind: 'packs', ...common, unit, size: decimal(draft.size), price: decimal(draft.amount) }
    case 'stepped':
      return {
        kind: 'stepped',
        ...common,
        unit,
        steps: draft.steps.map((one) => ({
          amount: decimal(one.amount),
          ...(one.limit !== '' && { up_to: decimal(one.limit) }),
        })),
      }
    case 'slices':
    case 'all-units':
      return {
        kind: draft.kind,
        ...common,
        unit,
        rates: draft.steps.map((one) => ({
          price: decimal(one.amount),
          from: one.limit === '' ? '0' : decimal(one.limit),
        })),
      }
    case 'investment':
      return {
        kind: 'investment',
        ...common,
        amount: decimal(draft.amount),
        years: Number(draft.years),
        fctva: draft.fctva,
        ...(draft.fctvaRate !== '' && { fctva_rate: decimal(draft.fctvaRate) }),
        ...(draft.ownPart !== '' && { own_part: decimal(draft.ownPart) }),
        ...(draft.commissioned !== '' && { commissioned: draft.commissioned }),
        subsidies: draft.grants.map(grantOf),
      } as unknown as Cost
  }
}

/** What was kept, as it is typed. */
export function draftOf(cost: Cost, language: string): CostDraft {
  const said = (value: string | number | null | undefined) => typed(value, language)
  const draft = {
    ...emptyCost(cost.kind),
    name: cost.name ?? '',
    vat: said(cost.vat === '0' ? '' : cost.vat),
  }
  switch (cost.kind) {
    case 'fixed':
      return { ...draft, amount: said(cost.amount) }
    case 'per-unit':
      return { ...draft, unit: cost.unit, amount: said(cost.price) }
    case 'packs':
      return { ...draft, unit: cost.unit, size: said(cost.size), amount: said(cost.price) }
    case 'stepped':
      return {
        ...draft,
        unit: cost.unit,
        steps: cost.steps.map((one) => ({ limit: said(one.up_to), amount: said(one.amount) })),
      }
    case 'slices':
    case 'all-units':
      return {
        ...draft,
        unit: cost.unit,
        steps: cost.rates.map((one) => ({
          limit: said(one.from === '0' ? '' : one.from),
          amount: said(one.price),
        })),
      }
    case 'investment':
      return {
        ...draft,
        amount: said(cost.amount),
        years: said(cost.years),
        commissioned: cost.commissioned ?? '',
        fctva: cost.fctva ?? true,
        fctvaRate: said(cost.fctva_rate),
        ownPart: said(cost.own_part),
        grants: (cost.subsidies ?? []).map((one) => ({
          source: one.source,
          amount: said(one.amount),
          rate: said(one.rate),
          eligible: said(one.eligible),
          ceiling: said(one.ceiling),
          public: one.public ?? true,
        })),
      }
  }
}

function grantOf(draft: GrantDraft): Grant {
  const told = (['amount', 'rate', 'eligible', 'ceiling'] as const).filter((name) => draft[name] !== '')
  return {
    source: draft.source.trim(),
    public: draft.public,
    ...Object.fromEntries(told.map((name) => [name, decimal(draft[name])])),
  }
}
