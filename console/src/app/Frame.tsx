import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useRouterState, useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { signOut } from '@/access/session'
import { saveLanguage } from '@/api/access'
import { Foot } from '@/accessibility/Foot'
import { sessionQuery, structureQuery } from '@/api/queries'
import { chooseTheme, useTheme } from '@/design/theme'
import { useMessages, useSpeech, type Language } from '@/language'
import { Bell } from '@/notifications/Bell'
import mark from '@/app/beffroi.svg'

const Palette = lazy(async () => ({ default: (await import('@/finding/Palette')).Palette }))

/** What surrounds every page: the way to the content, who is signed in, the language and the theme. */
export function Frame() {
  const messages = useMessages()
  const { setZone, setAccountLanguage } = useSpeech()
  const inside = useRouterState({
    select: (state) => state.matches.some((match) => match.routeId === '/inside'),
  })
  const home = useRouterState({ select: (state) => state.resolvedLocation?.pathname === '/' })
  const structure = useQuery({ ...structureQuery, enabled: inside })
  const session = useQuery({ ...sessionQuery, enabled: inside })
  const zone = structure.data?.time_zone
  const accountLanguage = session.data?.language ?? null

  useEffect(() => {
    if (zone !== undefined) setZone(zone)
  }, [zone, setZone])
  useEffect(() => setAccountLanguage(accountLanguage), [accountLanguage, setAccountLanguage])

  return (
    <>
      <a className="skip" href="#content">
        {messages.skip}
      </a>
      <header className="banner">
        <Link to="/" className="home">
          <img src={mark} alt="" width="28" height="28" />
          <span>{messages.product}</span>
        </Link>
        {inside && !home && <span className="structure">{structure.data?.name}</span>}
        {inside && <Ways />}
        <div className="tools">
          {inside && <Search />}
          <LanguageSwitch save={session.data?.kind === 'person'} />
          <ThemeSwitch />
          {inside && session.data?.kind === 'person' && <Bell />}
          {inside && <Account />}
        </div>
      </header>
      <Content />
      <Foot />
    </>
  )
}

/** The pages that a reader may have use for. */
function Ways() {
  const messages = useMessages()
  const session = useQuery(sessionQuery)
  const rights = Object.values(session.data?.rights ?? {})
  const operates = rights.some((right) => right === 'operate' || right === 'administer')
  return (
    <nav className="pages" aria-label={messages.pages}>
      <Link to="/" activeOptions={{ exact: true }}>
        {messages.territory}
      </Link>
      <Link to="/devices">{messages.ways.devices}</Link>
      <Link to="/explore">{messages.ways.explore}</Link>
      <Link to="/dashboards">{messages.ways.dashboards}</Link>
      <Link to="/pooling">{messages.ways.pooling}</Link>
      {operates && <Link to="/connections">{messages.connections.title}</Link>}
      {rights.includes('administer') && <Link to="/agreements">{messages.agreements.nav}</Link>}
    </nav>
  )
}

/** The page itself; a reader's place moves to its beginning at each change of page. */
function Content() {
  const main = useRef<HTMLElement>(null)
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const before = useRef(path)
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) main.current?.focus({ preventScroll: true })
    before.current = path
  }, [path])
  return (
    <main id="content" ref={main} tabIndex={-1}>
      <Outlet />
    </main>
  )
}

/** `save`: with the account too, for its other browsers; the choice holds in this one whatever becomes of that. */
function LanguageSwitch({ save }: { save: boolean }) {
  const { language, messages, speak } = useSpeech()
  const other = language === 'fr' ? 'en' : 'fr'
  const saving = useMutation({
    mutationFn: saveLanguage,
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries(sessionQuery),
  })
  const choose = (chosen: Language) => {
    speak(chosen)
    if (save) saving.mutate(chosen)
  }
  return (
    <button type="button" className="tool" lang={other} onClick={() => choose(other)}>
      {messages.switchTo}
    </button>
  )
}

function ThemeSwitch() {
  const { theme: words } = useMessages()
  const other = useTheme() === 'dark' ? 'light' : 'dark'
  const label = other === 'dark' ? words.toDark : words.toLight
  return (
    <button
      type="button"
      className="tool"
      aria-label={label}
      title={label}
      onClick={() => chooseTheme(other)}
    >
      <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className="icon">
        {other === 'dark' ? (
          <path d="M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z" />
        ) : (
          <path d="M12 7.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9zM12 2v3M12 19v3M2 12h3M19 12h3M5 5l2 2M17 17l2 2M5 19l2-2M17 7l2-2" />
        )}
      </svg>
    </button>
  )
}

/** Opens the palette, as Ctrl K does from anywhere. */
function Search() {
  const { palette: words } = useMessages()
  const [open, setOpen] = useState(false)
  const leave = useSignOut()
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return
      event.preventDefault()
      setOpen(true)
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
  return (
    <>
      <button
        type="button"
        className="tool search"
        aria-keyshortcuts="Control+K"
        title={words.open}
        onClick={() => setOpen(true)}
      >
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className="icon">
          <path d="M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500L20.500 20.500" />
        </svg>
        <span className="unseen">{words.open}</span>
        <kbd>Ctrl K</kbd>
      </button>
      {open && (
        <Suspense>
          <Palette onClose={() => setOpen(false)} onSignOut={() => leave.mutate()} />
        </Suspense>
      )}
    </>
  )
}

function useSignOut() {
  const queries = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: signOut,
    onSettled: async () => {
      queries.clear()
      await navigate({ to: '/sign-in' })
    },
  })
}

function Account() {
  const messages = useMessages()
  const words = messages.account
  const session = useQuery(sessionQuery)
  const leave = useSignOut()
  const menu = useRef<HTMLDivElement>(null)
  const administers = Object.values(session.data?.rights ?? {}).includes('administer')
  return (
    <>
      <button type="button" className="tool" popoverTarget="account" aria-label={words.open}>
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className="icon">
          <path d="M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4.500 20.500c.7-4 3.700-6 7.500-6s6.800 2 7.500 6" />
        </svg>
      </button>
      <div
        id="account"
        popover="auto"
        className="popover"
        ref={menu}
        onClick={({ target }) => target instanceof HTMLAnchorElement && menu.current?.hidePopover()}
      >
        <p>
          <strong>{session.data?.name}</strong>
        </p>
        <p className="quiet">{session.data?.email}</p>
        <ul className="popover-links">
          <li>
            <Link to="/account">{words.open}</Link>
          </li>
          {administers && (
            <li>
              <Link to="/people">{messages.people.title}</Link>
            </li>
          )}
          <li>
            <Link to="/audit">{messages.audit.title}</Link>
          </li>
        </ul>
        <button type="button" className="button" disabled={leave.isPending} onClick={() => leave.mutate()}>
          {words.signOut}
        </button>
      </div>
    </>
  )
}
