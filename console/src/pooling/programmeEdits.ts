import type { Action, Programme, Silo } from '@/api/schema'

/** Changes to a programme's document: what names a thing elsewhere follows when it is renamed or removed. */

type Keyed = Record<string, unknown>

export const emptyAction = (name: string): Action => ({ name, scores: {}, quarters: 1, cost: 0 })

export const emptySilo = (name: string, member: string, ends: string): Silo => ({
  name,
  service: '',
  member,
  yearly_cost: 0,
  ends,
})

export function setAction(document: Programme, place: number, change: Partial<Action>): Programme {
  const before = document.actions[place]
  if (!before) return document
  const actions = document.actions.map((one, at) => (at === place ? { ...one, ...change } : one))
  const next = { ...document, actions }
  return change.name === undefined || change.name === before.name
    ? next
    : renamedAction(next, before.name, change.name)
}

export function withoutAction(document: Programme, place: number): Programme {
  const name = document.actions[place]?.name ?? ''
  const without = (actions: string[]) => actions.filter((one) => one !== name)
  return {
    ...document,
    actions: document.actions.filter((_, at) => at !== place),
    precedences: document.precedences?.filter((one) => one.before !== name && one.after !== name),
    pins: document.pins?.filter((one) => one.action !== name),
    forbids: document.forbids?.filter((one) => one.action !== name),
    setups: document.setups
      ?.map((one) => ({ ...one, actions: without(one.actions) }))
      .filter((one) => one.actions.length > 0),
    synergies: document.synergies
      ?.map((one) => ({ ...one, actions: without(one.actions) }))
      .filter((one) => one.actions.length > 1),
    alternatives: document.alternatives
      ?.map((one) => ({ ...one, actions: without(one.actions) }))
      .filter((one) => one.actions.length > 1),
  } as Programme
}

export function setSilo(document: Programme, place: number, change: Partial<Silo>): Programme {
  const before = document.silos?.[place]
  const silos = document.silos?.map((one, at) => (at === place ? { ...one, ...change } : one))
  const next = { ...document, silos } as Programme
  if (!before || change.name === undefined || change.name === before.name) return next
  const name = change.name
  return {
    ...next,
    actions: next.actions.map((one) => ({
      ...one,
      replaces: one.replaces?.map((each) => (each === before.name ? name : each)),
    })),
  } as Programme
}

export function withoutSilo(document: Programme, place: number): Programme {
  const name = document.silos?.[place]?.name
  return {
    ...document,
    silos: document.silos?.filter((_, at) => at !== place),
    actions: document.actions.map((one) => ({
      ...one,
      replaces: one.replaces?.filter((each) => each !== name),
    })),
  } as Programme
}

/** A criterion or a member renamed: scores and weights by criterion, benefits and shares by member follow. */
export function renamed(
  document: Programme,
  what: 'criteria' | 'members',
  from: string,
  to: string,
): Programme {
  const moved = (of: Keyed | undefined) =>
    of && Object.fromEntries(Object.entries(of).map(([name, value]) => [name === from ? to : name, value]))
  if (what === 'criteria')
    return {
      ...document,
      criteria: document.criteria?.map((one) => (one.name === from ? { ...one, name: to } : one)),
      members: document.members?.map((one) => ({ ...one, weights: moved(one.weights) })),
      actions: document.actions.map((one) => ({ ...one, scores: moved(one.scores) })),
    } as Programme
  return {
    ...document,
    members: document.members?.map((one) => (one.name === from ? { ...one, name: to } : one)),
    silos: document.silos?.map((one) => (one.member === from ? { ...one, member: to } : one)),
    synergies: document.synergies?.map((one) => ({ ...one, shares: moved(one.shares) })),
    actions: document.actions.map((one) => ({
      ...one,
      benefits: moved(one.benefits),
      shares: moved(one.shares),
    })),
  } as Programme
}

/** What is keyed by a criterion or a member goes with it. */
export function without(document: Programme, what: 'criteria' | 'members', name: string): Programme {
  const kept = (of: Keyed | undefined) =>
    of && Object.fromEntries(Object.entries(of).filter(([key]) => key !== name))
  if (what === 'criteria')
    return {
      ...document,
      criteria: document.criteria?.filter((one) => one.name !== name),
      members: document.members?.map((one) => ({ ...one, weights: kept(one.weights) })),
      actions: document.actions.map((one) => ({ ...one, scores: kept(one.scores) })),
    } as Programme
  return {
    ...document,
    members: document.members?.filter((one) => one.name !== name),
    actions: document.actions.map((one) => ({
      ...one,
      benefits: kept(one.benefits),
      shares: kept(one.shares),
    })),
  } as Programme
}

function renamedAction(document: Programme, from: string, to: string): Programme {
  const moved = (name: string) => (name === from ? to : name)
  const together = <T extends { actions: string[] }>(list: T[] | undefined) =>
    list?.map((one) => ({ ...one, actions: one.actions.map(moved) }))
  const chosen = <T extends { action: string }>(list: T[] | undefined) =>
    list?.map((one) => ({ ...one, action: moved(one.action) }))
  return {
    ...document,
    precedences: document.precedences?.map((one) => ({
      ...one,
      before: moved(one.before),
      after: moved(one.after),
    })),
    setups: together(document.setups),
    synergies: together(document.synergies as { actions: string[] }[] | undefined),
    alternatives: together(document.alternatives as { actions: string[] }[] | undefined),
    pins: chosen(document.pins),
    forbids: chosen(document.forbids),
  } as unknown as Programme
}

/** A name that no other of them has. */
export function newName(said: string, taken: string[]): string {
  if (!taken.includes(said)) return said
  const number = [...taken.keys()].map((one) => one + 2).find((one) => !taken.includes(`${said} ${one}`))
  return `${said} ${number ?? taken.length + 2}`
}
