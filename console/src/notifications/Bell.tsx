import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { unreadQuery } from '@/api/notifications'
import { useSpeech } from '@/language'

const MOST_SHOWN = 99

/** The way to what one was told of, with how many were not read. */
export function Bell() {
  const { messages, formats } = useSpeech()
  const words = messages.notifications
  const unread = useQuery(unreadQuery).data ?? 0
  const label = unread === 0 ? words.title : words.bell(unread, formats.integer(unread))
  return (
    <Link to="/notifications" className="tool bell" aria-label={label} title={label}>
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className="icon">
        <path d="M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15zM10 20.500h4" />
      </svg>
      {unread > 0 && (
        <span className="unread" aria-hidden="true">
          {unread > MOST_SHOWN ? `${MOST_SHOWN}+` : unread}
        </span>
      )}
    </Link>
  )
}
