import { ProblemError } from '@/api/client'

export type Fault = { field: string; detail: string }

/** What the server says of each field. */
export const faultsOf = (error: unknown): Fault[] =>
  error instanceof ProblemError ? (error.problem.errors ?? []) : []

/** What is said of a field, or of what is inside it: `costs[2]`, `members[0].contract`. */
export function faultAt(faults: Fault[], path: string): string | undefined {
  return together(faults.filter(({ field }) => isAt(field, path)))
}

/** A path may be told from inside another: `model.costs[2]`, `$.document.actions[0]`. */
function isAt(field: string, path: string): boolean {
  const place = field.indexOf(path)
  if (place < 0 || (place > 0 && field[place - 1] !== '.')) return false
  return isEnd(field[place + path.length])
}

const isEnd = (next: string | undefined) => next === undefined || next === '.' || next === '['

const together = (faults: Fault[]): string | undefined =>
  faults.length > 0 ? faults.map(({ detail }) => detail).join(' ; ') : undefined

/** Those of what begins with a path, as told from there: of `actions[0].cost`, `cost`. */
export function faultsIn(faults: Fault[], path: string): Fault[] {
  return faults
    .filter(({ field }) => field.startsWith(path) && isEnd(field[path.length]))
    .map(({ field, detail }) => ({ field: field.slice(path.length).replace(/^\./, ''), detail }))
}

export const toldOf = (faults: Fault[], path: string): string | undefined => together(faultsIn(faults, path))

/** What no field among `shown` says. */
export function toldElsewhere(faults: Fault[], shown: readonly string[]): string | undefined {
  return together(faults.filter((fault) => !shown.some((path) => faultsIn([fault], path).length > 0)))
}

export const isLate = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.status === 409

/** A number as it is typed, French or English, as the server reads it. */
export const decimal = (typed: string): string => typed.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.')

/** A number as the server gives it, as it is typed here. */
export const typed = (value: string | number | null | undefined, language: string): string =>
  value == null ? '' : language === 'fr' ? String(value).replace('.', ',') : String(value)
