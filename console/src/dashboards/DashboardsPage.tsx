import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { dashboardsQuery, makeDashboard } from '@/api/dashboards'
import { collectivitiesQuery, sessionQuery } from '@/api/queries'
import type { Dashboard } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'

/** The dashboards one may open, and the way to make another. */
export function DashboardsPage() {
  const { messages, formats } = useSpeech()
  const words = messages.dashboards
  const found = useQuery(dashboardsQuery)
  useTitle(words.title)
  return (
    <>
      <Trail here={words.title} />
      <h1>{words.title}</h1>
      <Answer query={found} lines={5}>
        {(known) => (
          <>
            <p className="sentence">{words.sentence(known.length, formats.integer(known.length))}.</p>
            {known.length === 0 ? <p className="empty">{words.empty}</p> : <List dashboards={known} />}
          </>
        )}
      </Answer>
      <Make />
    </>
  )
}

function List({ dashboards }: { dashboards: Dashboard[] }) {
  const { messages, formats } = useSpeech()
  const { columns, isPublic } = messages.dashboards
  const collectivities = useQuery(collectivitiesQuery)
  const owners = new Map(collectivities.data?.map((one) => [one.key, one.name]))
  return (
    <table className="listing stacked">
      <thead>
        <tr>
          <th scope="col">{columns.name}</th>
          <th scope="col">{columns.owner}</th>
          <th scope="col" className="number">
            {columns.cards}
          </th>
          <th scope="col">{columns.shared}</th>
          <th scope="col">{columns.changed}</th>
        </tr>
      </thead>
      <tbody>
        {dashboards.map((one) => (
          <tr key={one.key}>
            <th scope="row">
              <Link to="/dashboards/$key" params={{ key: one.key }}>
                {one.name}
              </Link>
            </th>
            <td>{owners.get(one.owner) ?? one.owner}</td>
            <td className="number" data-label={columns.cards}>
              {formats.integer(one.cards.length)}
            </td>
            <td data-label={columns.shared}>{one.link == null ? messages.none : isPublic}</td>
            <td data-label={columns.changed}>
              <Ago when={new Date(one.changed_at)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Make() {
  const { messages } = useSpeech()
  const words = messages.dashboards
  const session = useQuery(sessionQuery)
  const collectivities = useQuery(collectivitiesQuery)
  const navigate = useNavigate()
  const id = useId()
  const [name, setName] = useState('')
  const [owner, setOwner] = useState('')
  const mine = (collectivities.data ?? []).filter(
    (one) => (session.data?.rights[one.key] ?? 'read') !== 'read',
  )
  const chosen = owner === '' ? (mine[0]?.key ?? '') : owner
  const making = useMutation({
    mutationFn: () => makeDashboard({ name: name.trim(), owner: chosen }),
    onSuccess: async (made, _, __, { client }) => {
      await client.invalidateQueries({ queryKey: ['dashboards'] })
      await navigate({ to: '/dashboards/$key', params: { key: made.key } })
    },
  })
  if (mine.length === 0) return null
  return (
    <section className="part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{words.make}</h2>
      {making.isError && <Trouble error={making.error} />}
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          making.mutate()
        }}
      >
        <div className="fields">
          <div className="field grow">
            <label htmlFor={`${id}-name`}>{words.name}</label>
            <input
              id={`${id}-name`}
              required
              maxLength={200}
              autoComplete="off"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          </div>
          <div className="field grow">
            <label htmlFor={`${id}-owner`}>{words.owner}</label>
            <select id={`${id}-owner`} value={chosen} onChange={({ target }) => setOwner(target.value)}>
              {mine.map((one) => (
                <option key={one.key} value={one.key}>
                  {one.name}
                </option>
              ))}
            </select>
          </div>
        </div>
        <button type="submit" className="button main" disabled={making.isPending || name.trim() === ''}>
          {words.submit}
        </button>
      </form>
    </section>
  )
}
