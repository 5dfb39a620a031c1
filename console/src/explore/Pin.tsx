import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { changeCards, dashboardsQuery, makeDashboard, removeDashboard } from '@/api/dashboards'
import { sessionQuery } from '@/api/queries'
import type { Card, Dashboard, Series } from '@/api/schema'
import type { Period } from '@/charts/period'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useMessages } from '@/language'
import { useOwners } from '@/things/names'

type Props = { series: Series[]; period: Period }
type Pinned = { dashboard: Dashboard; card: Card; isNew: boolean }

/** What is explored becomes a card of a dashboard, there already or made for it. */
export function Pin({ series, period }: Props) {
  const messages = useMessages()
  const words = messages.explore.pin
  const session = useQuery(sessionQuery)
  const dashboards = useQuery(dashboardsQuery)
  const rights = session.data?.rights ?? {}
  const mayChange = (owner: string) => rights[owner] !== undefined && rights[owner] !== 'read'
  const owners = useOwners().filter((one) => mayChange(one.key))
  const known = (dashboards.data ?? []).filter((one) => mayChange(one.owner))
  const [key, setKey] = useState<string>()
  const [name, setName] = useState('')
  const [typed, setTyped] = useState<string>()
  const [owner, setOwner] = useState<string>()
  const usual = owners.find((one) => one.key === series[0]?.owner) ?? owners[0]
  const chosen = known.find((one) => one.key === (key ?? known[0]?.key))
  const title =
    typed ??
    series
      .map((one) => one.name)
      .join(', ')
      .slice(0, 200)
  const pinning = useMutation({
    mutationFn: async (): Promise<Pinned> => {
      const card: Card = { kind: 'curve', series: series.map((one) => one.id), period, title, width: 2 }
      const dashboard = chosen
        ? await changeCards(chosen.key, (cards) => [...cards, card])
        : await makeDashboard({ owner: owner ?? usual?.key ?? '', name: name.trim(), cards: [card] })
      return { dashboard, card, isNew: !chosen }
    },
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['dashboards'] }),
  })
  const undoing = useMutation({
    mutationFn: async ({ dashboard, card, isNew }: Pinned) => {
      if (isNew) await removeDashboard(dashboard.key)
      else await changeCards(dashboard.key, (cards) => withoutLast(cards, card))
    },
    onSuccess: async (_, __, ___, { client }) => {
      pinning.reset()
      setKey(undefined)
      await client.invalidateQueries({ queryKey: ['dashboards'] })
    },
  })
  if (owners.length === 0) return null
  return (
    <details className="pin">
      <summary>{words.title}</summary>
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          undoing.reset()
          pinning.mutate()
        }}
      >
        <p className="quiet">{words.explained(messages.series.periods[period])}</p>
        <Field label={words.dashboard} hint={chosen?.link == null ? undefined : words.isPublic}>
          {(named) => (
            <select {...named} value={chosen?.key ?? ''} onChange={({ target }) => setKey(target.value)}>
              {known.map((one) => (
                <option key={one.key} value={one.key}>
                  {one.name}
                </option>
              ))}
              <option value="">{words.another}</option>
            </select>
          )}
        </Field>
        {!chosen && (
          <div className="fields">
            <Field label={words.name} className="field grow">
              {(named) => (
                <input
                  {...named}
                  required
                  maxLength={200}
                  value={name}
                  onChange={({ target }) => setName(target.value)}
                />
              )}
            </Field>
            <Field label={words.owner} className="field grow">
              {(named) => (
                <select
                  {...named}
                  value={owner ?? usual?.key ?? ''}
                  onChange={({ target }) => setOwner(target.value)}
                >
                  {owners.map((one) => (
                    <option key={one.key} value={one.key}>
                      {one.name}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          </div>
        )}
        <Field label={words.cardTitle}>
          {(named) => (
            <input
              {...named}
              maxLength={200}
              value={title}
              onChange={({ target }) => setTyped(target.value)}
            />
          )}
        </Field>
        {pinning.isError && <Trouble error={pinning.error} />}
        {undoing.isError && <Trouble error={undoing.error} />}
        <button type="submit" className="button" disabled={pinning.isPending}>
          {words.submit}
        </button>
        <p role="status">
          {undoing.isSuccess && words.undone}
          {pinning.data && (
            <>
              {words.done}{' '}
              <Link to="/dashboards/$key" params={{ key: pinning.data.dashboard.key }}>
                {pinning.data.dashboard.name}
              </Link>
              .{' '}
              <button
                type="button"
                className="plain"
                disabled={undoing.isPending}
                onClick={() => undoing.mutate(pinning.data)}
              >
                {words.undo}
              </button>
            </>
          )}
        </p>
      </form>
    </details>
  )
}

/** The cards, but for the last one that is drawn of the same series under the same title. */
function withoutLast(cards: Card[], gone: Card): Card[] {
  const same = (one: Card) => one.title === gone.title && String(one.series) === String(gone.series)
  const last = cards.findLastIndex(same)
  return cards.filter((_, place) => place !== last)
}
