import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useId, useState } from 'react'
import { dashboardQuery, dashboardsQuery } from '@/api/dashboards'
import { seriesQuery } from '@/api/exploring'
import { collectivitiesQuery, collectivityQuery, sessionQuery } from '@/api/queries'
import type { Dashboard } from '@/api/schema'
import { PERIODS } from '@/charts/period'
import { Answer } from '@/design/Answer'
import { Simulated } from '@/design/Simulated'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { Board } from '@/dashboards/Board'
import { Editor } from '@/dashboards/Editor'
import { Sharing } from '@/dashboards/Sharing'
import type { View } from '@/dashboards/view'

const route = getRouteApi('/inside/dashboards/$key')
/** Seconds a dashboard stays on a wall. */
const ON_WALL = 30
/** Milliseconds between two looks at which dashboards there are, on a wall. */
const LOOKED_FOR = 60_000

/** One dashboard: looked at, arranged, shared, put on a wall. */
export function DashboardPage() {
  const { key } = route.useParams()
  const found = useQuery(dashboardQuery(key))
  useWall(key, found.data?.owner)
  return (
    <Answer page query={found} lines={8}>
      {(dashboard) => <Page key={key} dashboard={dashboard} />}
    </Answer>
  )
}

function Page({ dashboard }: { dashboard: Dashboard }) {
  const { messages, formats } = useSpeech()
  const words = messages.dashboards
  const view = route.useSearch()
  const navigate = route.useNavigate()
  const session = useQuery(sessionQuery)
  const owner = useQuery(collectivityQuery(dashboard.owner))
  const ids = [...new Set(dashboard.cards.flatMap((card) => card.series ?? []))]
  const series = useQuery(seriesQuery(ids))
  const [editing, setEditing] = useState(false)
  const right = session.data?.rights[dashboard.owner] ?? 'read'
  const look = (wanted: View) => void navigate({ search: wanted, replace: true, resetScroll: false })
  useTitle(dashboard.name, owner.data?.name)

  const count = dashboard.cards.length
  const since = dashboard.published_at
  return (
    <>
      {view.wall === undefined && (
        <Trail places={[{ to: '/dashboards', name: words.title }]} here={dashboard.name} />
      )}
      <div className="heading">
        <div>
          <h1>{dashboard.name}</h1>
          <p className="over">{owner.data?.name ?? dashboard.owner}</p>
        </div>
        <div className="marks">
          {series.data?.some((one) => one.simulated) === true && <Simulated />}
          {view.wall !== undefined && (
            <Link to="/dashboards/$key" params={{ key: dashboard.key }} className="button">
              {words.leaveWall}
            </Link>
          )}
        </div>
      </div>
      {view.wall === undefined && (
        <p className="sentence">
          {words.cards(count, formats.integer(count))},{' '}
          {since == null ? words.inside : words.since(formats.date(new Date(since)))}.
        </p>
      )}
      {editing ? (
        <Answer query={series} lines={6}>
          {(known) => <Editor dashboard={dashboard} series={known} onClose={() => setEditing(false)} />}
        </Answer>
      ) : (
        <>
          {view.wall === undefined && (
            <Controls
              dashboard={dashboard}
              view={view}
              onView={look}
              onEdit={right === 'read' ? null : () => setEditing(true)}
            />
          )}
          {count === 0 ? (
            <div className="empty">
              <p>{words.noCard}</p>
              <p className="quiet">{words.noCardDetail}</p>
            </div>
          ) : (
            <Answer query={series} lines={10}>
              {(known) => (
                <Board
                  cards={dashboard.cards}
                  series={known}
                  source={null}
                  view={view}
                  owner={dashboard.owner}
                />
              )}
            </Answer>
          )}
          <p className="quiet">{messages.zone(formats.zone)}.</p>
          {view.wall === undefined && <Sharing dashboard={dashboard} right={right} />}
        </>
      )}
    </>
  )
}

type ControlsProps = {
  dashboard: Dashboard
  view: View
  onView: (view: View) => void
  onEdit: (() => void) | null
}

/** What varies while reading: the period of all cards, the collectivité of those that ask for one. */
function Controls({ dashboard, view, onView, onEdit }: ControlsProps) {
  const { messages, language } = useSpeech()
  const words = messages.dashboards
  const collectivities = useQuery(collectivitiesQuery)
  const id = useId()
  const varies = dashboard.cards.some((card) => card.observed_property != null)
  return (
    <div className="fields board-controls">
      <div className="field">
        <label htmlFor={`${id}-period`}>{words.period}</label>
        <select
          id={`${id}-period`}
          value={view.period ?? ''}
          onChange={({ target }) => {
            const period = PERIODS.find((one) => one === target.value)
            onView({ ...(view.owner !== undefined && { owner: view.owner }), ...(period && { period }) })
          }}
        >
          <option value="">{words.ownPeriod}</option>
          {PERIODS.map((one) => (
            <option key={one} value={one}>
              {messages.series.periods[one]}
            </option>
          ))}
        </select>
      </div>
      {varies && (
        <div className="field">
          <label htmlFor={`${id}-owner`}>{words.place}</label>
          <select
            id={`${id}-owner`}
            value={view.owner ?? dashboard.owner}
            onChange={({ target }) => onView({ ...view, owner: target.value })}
          >
            {(collectivities.data ?? [])
              .toSorted((one, other) => one.name.localeCompare(other.name, language))
              .map((one) => (
                <option key={one.key} value={one.key}>
                  {one.name}
                </option>
              ))}
          </select>
        </div>
      )}
      <div className="field end ways">
        {onEdit && (
          <button type="button" className="button" onClick={onEdit}>
            {words.edit}
          </button>
        )}
        <button type="button" className="button" onClick={() => onView({ ...view, wall: ON_WALL })}>
          {words.wall}
        </button>
      </div>
    </div>
  )
}

/** On a wall, the dashboards of the same collectivité follow one another, and nothing else is shown. One that cannot be
 * shown any more does not stop the others. */
function useWall(key: string, owner: string | undefined) {
  const view = route.useSearch()
  const navigate = route.useNavigate()
  const [of, setOf] = useState(owner)
  if (owner !== undefined && owner !== of) setOf(owner)
  const seconds = view.wall
  const watched = { enabled: seconds !== undefined, refetchInterval: LOOKED_FOR }
  const { data: known } = useQuery({ ...dashboardsQuery, ...watched })
  useEffect(() => {
    if (seconds === undefined) return
    document.documentElement.classList.add('bare')
    const turn = (known ?? []).filter((one) => one.owner === of && one.cards.length > 0)
    const next = turn[(turn.findIndex((one) => one.key === key) + 1) % Math.max(1, turn.length)]
    const timer = window.setTimeout(() => {
      if (next && next.key !== key)
        void navigate({ to: '/dashboards/$key', params: { key: next.key }, search: (same) => same })
    }, seconds * 1000)
    return () => {
      window.clearTimeout(timer)
      document.documentElement.classList.remove('bare')
    }
  }, [key, of, known, navigate, seconds])
}
