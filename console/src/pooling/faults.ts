import { ProblemError } from '@/api/client'

export type Fault = { field: string; detail: string }

/** What the server says of each field. */
export const faultsOf = (error: unknown): Fault[] =>
  error instanceof ProblemError ? (error.problem.errors ?? []) : []

/** What is said of a field, or of what is inside it: `costs[2]`, `members[0].contract`. */
export function faultAt(faults: Fault[], path: string): string | undefined {
  const said = faults.filter(({ field }) => isAt(field, path)).map(({ detail }) => detail)
  return said.length > 0 ? said.join(' ; ') : undefined
}

/** A path may be told from inside another: `model.costs[2]`, `$.document.actions[0]`. */
function isAt(field: string, path: string): boolean {
  const place = field.indexOf(path)
  if (place < 0 || (place > 0 && field[place - 1] !== '.')) return false
  const next = field[place + path.length]
  return next === undefined || next === '.' || next === '['
}

export const isLate = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.status === 409

/** A number as it is typed, French or English, as the server reads it. */
export const decimal = (typed: string): string => typed.replace(/[\s\u00a0\u202f]/g, '').replace(',', '.')

/** A number as the server gives it, as it is typed here. */
export const typed = (value: string | number | null | undefined, language: string): string =>
  value == null ? '' : language === 'fr' ? String(value).replace('.', ',') : String(value)
