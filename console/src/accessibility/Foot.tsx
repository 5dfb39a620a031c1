import { useQuery } from '@tanstack/react-query'
import { Link, useRouterState } from '@tanstack/react-router'
import { conformanceQuery } from '@/api/access'
import { useMessages } from '@/language'

/** At the foot of every page, as the law asks: how accessible the pages are said to be. */
export function Foot() {
  const { accessibility: words } = useMessages()
  // Nothing is said of an instance that nobody operates yet.
  const operated = useRouterState({ select: (state) => state.location.pathname !== '/setup' })
  const { data } = useQuery({ ...conformanceQuery, enabled: operated })
  return (
    <footer className="foot">
      <Link to="/accessibility">
        {data === undefined ? words.foot : words.footWith(words.adjectives[data.level])}
      </Link>
    </footer>
  )
}
