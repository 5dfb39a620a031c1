import type { Action, Programme, Silo } from '@/api/schema'

/** Changes to a programme's document: what names a thing elsewhere follows when it is renamed or removed. */

type Keyed = Record<string, unknown>

export const changedAt = <T>(list: T[], place: number, change: Partial<T>): T[] =>
  list.map((one, at) => (at === place ? { ...one, ...change } : one))

export const removedAt = <T>(list: T[], place: number): T[] => list.filter((_, at) => at !== place)

/** With a value under a name, or without it. */
export function withValue<T>(of: Record<string, T>, name: string, value: T | undefined): Record<string, T> {
  if (value !== undefined) return { ...of, [name]: value }
  return Object.fromEntries(Object.entries(of).filter(([other]) => other !== name))
}

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

type Of = 'criteria' | 'members' | 'staff'

/** A criterion, a member or a skill renamed: what is keyed by it follows. */
export function renamed(document: Programme, what: Of, from: string, to: string): Programme {
  const moved = (of: Keyed | undefined) =>
    of && Object.fromEntries(Object.entries(of).map(([name, value]) => [name === from ? to : name, value]))
  const next = keyed(document, what, moved)
  if (what === 'staff')
    return {
      ...next,
      staff: next.staff?.map((one) => (one.skill === from ? { ...one, skill: to } : one)),
    } as Programme
  return {
    ...next,
    [what]: next[what]?.map((one) => (one.name === from ? { ...one, name: to } : one)),
    ...(what === 'members' && {
      silos: next.silos?.map((one) => (one.member === from ? { ...one, member: to } : one)),
    }),
  } as Programme
}

/** What is keyed by a criterion, a member or a skill goes with it. */
export function without(document: Programme, what: Of, name: string): Programme {
  const kept = (of: Keyed | undefined) =>
    of && Object.fromEntries(Object.entries(of).filter(([key]) => key !== name))
  const next = keyed(document, what, kept)
  if (what === 'staff')
    return { ...next, staff: next.staff?.filter((one) => one.skill !== name) } as Programme
  return { ...next, [what]: next[what]?.filter((one) => one.name !== name) }
}

/** Changes what is said by criterion, by member or by skill. */
function keyed(
  document: Programme,
  what: Of,
  change: (of: Keyed | undefined) => Keyed | undefined,
): Programme {
  const actions = (...fields: (keyof Programme['actions'][number])[]) =>
    document.actions.map((one) => ({
      ...one,
      ...Object.fromEntries(fields.map((field) => [field, change(one[field] as Keyed | undefined)])),
    }))
  if (what === 'criteria')
    return {
      ...document,
      members: document.members?.map((one) => ({ ...one, weights: change(one.weights) })),
      actions: actions('scores'),
    } as Programme
  if (what === 'staff') return { ...document, actions: actions('staff', 'running_staff') }
  return {
    ...document,
    synergies: document.synergies?.map((one) => ({ ...one, shares: change(one.shares) })),
    actions: actions('benefits', 'shares'),
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
