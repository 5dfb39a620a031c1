import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useState, type MouseEvent } from 'react'
import { NOTIFICATIONS, notificationsQuery, readNotifications, unreadQuery } from '@/api/notifications'
import type { Notification } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Loading } from '@/design/Loading'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { useOwnerName } from '@/things/names'

/** What one was told of, newest first. */
export function NotificationsPage() {
  const { messages, formats } = useSpeech()
  const words = messages.notifications
  const [unreadAlone, setUnreadAlone] = useState(false)
  const unread = useQuery(unreadQuery)
  const found = useInfiniteQuery(notificationsQuery(unreadAlone))
  const some = found.data?.pages.flatMap(({ items }) => items) ?? []
  const reading = useMutation({
    mutationFn: readNotifications,
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries(NOTIFICATIONS),
  })
  useTitle(words.title)
  return (
    <>
      <Trail here={words.title} />
      <h1>{words.title}</h1>
      <p className="sentence" role="status">
        {unread.data === undefined ? '\u00a0' : words.sentence(unread.data, formats.integer(unread.data))}
      </p>
      <div className="ways spaced">
        <label className="check">
          <input
            type="checkbox"
            checked={unreadAlone}
            onChange={({ target }) => setUnreadAlone(target.checked)}
          />
          {words.unreadAlone}
        </label>
        {(unread.data ?? 0) > 0 && (
          <button
            type="button"
            className="button"
            disabled={reading.isPending}
            onClick={() => reading.mutate(undefined)}
          >
            {words.readAll}
          </button>
        )}
        <Link to="/account" hash="notifications">
          {words.choose}
        </Link>
      </div>
      {reading.isError && <Trouble error={reading.error} />}
      {found.isError && <Trouble error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Loading lines={6} />}
      {found.data && some.length === 0 && (
        <div className="empty">
          <p>{unreadAlone ? words.nothingUnread : words.nothing}</p>
          <p className="quiet">{words.kept}</p>
        </div>
      )}
      {some.length > 0 && (
        <ul className="held told">
          {some.map((one) => (
            <Entry key={one.id} one={one} onRead={() => reading.mutate([one.id])} />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <button
          type="button"
          className="button"
          disabled={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          {words.more}
        </button>
      )}
    </>
  )
}

function Entry({ one, onRead }: { one: Notification; onRead: () => void }) {
  const { messages } = useSpeech()
  const words = messages.notifications
  const ownerName = useOwnerName()
  const router = useRouter()
  const isNew = one.read_at == null
  const open = (event: MouseEvent) => {
    if (isNew) onRead()
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    void router.navigate({ href: one.link })
  }
  return (
    <li className={isNew ? 'new' : undefined}>
      <p>
        {isNew && <strong className="tag">{words.isNew}</strong>}{' '}
        <a href={one.link} onClick={open}>
          {one.text}
        </a>
      </p>
      <p className="quiet">
        {words.kinds[one.kind].name}
        {one.owner != null && <>, {ownerName(one.owner)}</>}, <Ago when={new Date(one.at)} />
      </p>
      {isNew && (
        <button type="button" className="plain" aria-label={words.readOf(one.text)} onClick={onRead}>
          {words.read}
        </button>
      )}
    </li>
  )
}
