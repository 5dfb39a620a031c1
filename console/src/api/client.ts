import createClient from 'openapi-fetch'
import type { paths, Problem } from '@/api/schema'

/** What the server, or the way to it, refused; `problem.status` is 0 when no answer came, its title empty when the answer did not say. */
export class ProblemError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.title)
    this.problem = problem
  }
}

let language = 'fr'

/** The language in which the server's problems are to be said. */
export function askIn(code: string): void {
  language = code
}

async function tellingApart(request: Request): Promise<Response> {
  request.headers.set('Accept-Language', language)
  try {
    return await fetch(request)
  } catch (error) {
    if (request.signal.aborted) throw error
    throw new ProblemError({ type: 'about:blank', title: 'unreachable', status: 0 })
  }
}

export const client = createClient<paths>({
  fetch: tellingApart,
  querySerializer: { array: { style: 'form', explode: false } },
})

type Answered<T> = { data?: T; error?: unknown; response: Response }

/** The body of an answer; throws `ProblemError` for any refusal. */
export async function bodyOf<T>(answered: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await answered
  if (response.ok) return data as T
  throw new ProblemError(asProblem(error, response))
}

function asProblem(error: unknown, response: Response): Problem {
  if (typeof error === 'object' && error !== null && 'title' in error) return error as Problem
  return { type: 'about:blank', title: '', status: response.status }
}

/** Whether the server refused what it understood: asking the same again would not change it. */
export function isRefusal(error: unknown): boolean {
  const status = statusOf(error)
  return status !== undefined && status >= 400 && status < 500
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof ProblemError ? error.problem.status : undefined
}
