import { Link } from '@tanstack/react-router'
import { useMessages } from '@/language'

/** The pages that tell with whom to pool. */
export function WithWhomWays() {
  const words = useMessages().withWhom
  return (
    <nav className="pages" aria-label={words.title}>
      <Link to="/pooling/with-whom" activeOptions={{ exact: true, includeSearch: false }}>
        {words.ways.groups}
      </Link>
      <Link to="/pooling/with-whom/catalogue">{words.ways.catalogue}</Link>
      <Link to="/pooling/with-whom/forms">{words.ways.forms}</Link>
    </nav>
  )
}
