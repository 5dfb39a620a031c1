import type { ReactNode } from 'react'
import { ProblemError } from '@/api/client'
import { useMessages } from '@/language'

type Props = { error: unknown; title?: string; retry?: () => void; page?: boolean; children?: ReactNode }

/** What went wrong: what happened, what was kept, what to do; each field at fault named. `page`: it is all there is to read. */
export function Trouble({ error, title, retry, page = false, children }: Props) {
  const messages = useMessages()
  const said = inWords(error, messages.problem)
  const Heading = page ? 'h1' : 'h2'
  return (
    <div className="trouble" role="alert">
      <Heading>{title ?? said.title}</Heading>
      {said.detail !== '' && <p>{said.detail}</p>}
      {said.faults.length > 0 && (
        <ul>
          {said.faults.map((fault) => (
            <li key={fault.field}>
              <code>{fault.field}</code> : {fault.detail}
            </li>
          ))}
        </ul>
      )}
      {children}
      {retry && (
        <button type="button" className="button" onClick={retry}>
          {messages.retry}
        </button>
      )}
    </div>
  )
}

type Words = ReturnType<typeof useMessages>['problem']

function inWords(error: unknown, words: Words) {
  if (!(error instanceof ProblemError))
    return { title: words.unexpected, detail: words.unexpectedDetail, faults: [] }
  const { status, title, detail, errors } = error.problem
  if (status === 0) return { title: words.unreachable, detail: words.unreachableDetail, faults: [] }
  if (title === '') return { title: words.broken, detail: words.brokenDetail, faults: [] }
  return { title, detail: detail ?? '', faults: errors ?? [] }
}
