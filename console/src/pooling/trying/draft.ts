import type { Experiment, Series } from '@/api/schema'

export type Draft = Experiment

export type Group = 'cohort' | 'comparison'

export const EMPTY: Draft = {
  name: '',
  hypothesis: '',
  action: '',
  service: '',
  observed_property: '',
  by: 'asset',
  cohort: [],
  comparison: [],
  before: { first: '', last: '' },
  after: { first: '', last: '' },
  decide_by: '',
  wanted: 'less',
  cost: '0',
}

export type Candidate = { unit: number | string; name: string; owner: string }

/** What could be a unit, each once, in the order of the series it is measured by. */
export function candidatesOf(series: Series[], by: Draft['by']): Candidate[] {
  const found = new Map<number | string, Candidate>()
  for (const one of series) {
    const unit = by === 'collectivity' ? one.owner : by === 'asset' ? one.asset : one.device
    if (unit != null && !found.has(unit)) found.set(unit, { unit, name: one.name, owner: one.owner })
  }
  return [...found.values()]
}

export function groupOf(draft: Pick<Draft, Group>, unit: number | string): Group | '' {
  if (draft.cohort.includes(unit)) return 'cohort'
  return draft.comparison.includes(unit) ? 'comparison' : ''
}

/** The same with some units in a group, or in neither. */
export function placed(
  draft: Pick<Draft, Group>,
  units: (number | string)[],
  group: Group | '',
): Pick<Draft, Group> {
  const others = (of: Group) => draft[of].filter((one) => !units.includes(one))
  return {
    cohort: group === 'cohort' ? [...others('cohort'), ...units] : others('cohort'),
    comparison: group === 'comparison' ? [...others('comparison'), ...units] : others('comparison'),
  }
}
