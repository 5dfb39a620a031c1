import { Link, type LinkProps } from '@tanstack/react-router'
import { useMessages } from '@/language'

type Place = Pick<LinkProps, 'to' | 'params'> & { name: string }

/** The way back to the territory. */
export function Trail({ places = [], here }: { places?: Place[]; here: string }) {
  const messages = useMessages()
  return (
    <nav className="trail" aria-label={messages.trail}>
      <ol>
        <li>
          <Link to="/">{messages.territory}</Link>
        </li>
        {places.map(({ name, ...place }) => (
          <li key={name}>
            <Link {...(place as LinkProps)}>{name}</Link>
          </li>
        ))}
        <li aria-current="page">{here}</li>
      </ol>
    </nav>
  )
}
