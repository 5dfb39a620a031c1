import { Link, useRouter, type ErrorComponentProps } from '@tanstack/react-router'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useMessages } from '@/language'

export function Failure({ error }: ErrorComponentProps) {
  const router = useRouter()
  return <Trouble page error={error} retry={() => void router.invalidate()} />
}

export function Missing() {
  const { problem } = useMessages()
  useTitle(problem.notFound)
  return (
    <>
      <h1>{problem.notFound}</h1>
      <p>{problem.notFoundDetail}</p>
      <p>
        <Link to="/">{problem.back}</Link>
      </p>
    </>
  )
}
