import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { conformanceQuery } from '@/api/access'
import { useMessages } from '@/language'

/** At the foot of every page, as the law asks: how accessible the pages are said to be. */
export function Foot() {
  const { accessibility: words } = useMessages()
  const { data } = useQuery(conformanceQuery)
  return (
    <footer className="foot">
      <Link to="/accessibility">
        {data === undefined ? words.foot : words.footWith(words.adjectives[data.level])}
      </Link>
    </footer>
  )
}
