import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import { tokenOf } from '@/access/token'
import { isRefusal, statusOf } from '@/api/client'
import { setupQuery } from '@/api/setup'
import { Loading } from '@/design/Loading'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useMessages } from '@/language'
import { Wizard } from '@/setup/Wizard'

const FOUNDED = 409

/** The first run, for who holds the one-time address that the operator's terminal shows. */
export function SetupPage() {
  const { setup: words, access } = useMessages()
  const given = tokenOf(useLocation({ select: (location) => location.hash }))
  const [token, setToken] = useState(given ?? '')
  // On the way to another page there is none any more; a newer address typed over this one has another.
  if (given !== null && given !== token) setToken(given)
  const asked = useQuery(setupQuery(token))
  useTitle(words.title)
  if (asked.data) return <Wizard token={token} asked={asked.data} />
  if (!asked.isError) return <Loading />
  const founded = statusOf(asked.error) === FOUNDED
  const again = isRefusal(asked.error) ? {} : { retry: () => void asked.refetch() }
  return (
    <div className="setup">
      <Trouble page error={asked.error} title={founded ? words.founded : words.refused} {...again}>
        {founded && (
          <p>
            <Link to="/sign-in">{access.signIn}</Link>
          </p>
        )}
      </Trouble>
    </div>
  )
}
