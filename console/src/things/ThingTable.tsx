import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useMessages } from '@/language'

export type Thing = { id: number; name: string; owner: string }
export type Subject = 'device' | 'asset'
export type ThingColumn<T> = { key: string; title: string; number?: boolean; cell: (row: T) => ReactNode }

type Props<T> = {
  subject: Subject
  rows: T[]
  thingOf: (row: T) => Thing
  columns: ThingColumn<T>[]
  chosen: ReadonlySet<number>
  /** null for who may change nothing */
  onChosen: ((chosen: ReadonlySet<number>) => void) | null
}

const PAGES = { device: '/devices/$id', asset: '/assets/$id' } as const

/** One row a thing, walked with the arrows, chosen with the space bar, opened with Enter. */
export function ThingTable<T>({ subject, rows, thingOf, columns, chosen, onChosen }: Props<T>) {
  const { list: words, many } = useMessages().things
  const navigate = useNavigate()
  const body = useRef<HTMLTableSectionElement>(null)
  const [place, setPlace] = useState(0)
  const current = Math.min(place, rows.length - 1)
  const things = rows.map(thingOf)
  const to = PAGES[subject]

  const goTo = (wanted: number) => {
    const row = Math.max(0, Math.min(rows.length - 1, wanted))
    setPlace(row)
    body.current?.querySelectorAll<HTMLElement>('tr')[row]?.focus()
  }
  const toggle = (id: number) => {
    const now = new Set(chosen)
    if (!now.delete(id)) now.add(id)
    onChosen?.(now)
  }
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    // Only on the row itself: a link or a box in it has keys of its own.
    if (!(event.target instanceof HTMLTableRowElement)) return
    const thing = things[current]
    const deeds: Record<string, () => void> = {
      ArrowDown: () => goTo(current + 1),
      ArrowUp: () => goTo(current - 1),
      Home: () => goTo(0),
      End: () => goTo(rows.length - 1),
      ' ': () => thing && toggle(thing.id),
      Enter: () => thing && void navigate({ to, params: { id: thing.id } }),
    }
    const deed = deeds[event.key]
    if (deed === undefined) return
    event.preventDefault()
    deed()
  }
  const all = things.length > 0 && things.every(({ id }) => chosen.has(id))

  return (
    <>
      <p className="quiet hint">{words.keys}</p>
      <div className="scroll tall">
        <table className="device-table">
          <thead>
            <tr>
              {onChosen && (
                <th scope="col">
                  <input
                    type="checkbox"
                    aria-label={many[subject].chooseAll}
                    checked={all}
                    onChange={() => onChosen(new Set(all ? [] : things.map(({ id }) => id)))}
                  />
                </th>
              )}
              <th scope="col">{words.columns.name}</th>
              {columns.map(({ key, title, number }) => (
                <th key={key} scope="col" className={number === true ? 'number' : undefined}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody ref={body} onKeyDown={onKeyDown}>
            {rows.map((one, row) => {
              const { id, name } = thingOf(one)
              return (
                <tr
                  key={id}
                  tabIndex={row === current ? 0 : -1}
                  aria-selected={onChosen ? chosen.has(id) : undefined}
                  onFocus={() => setPlace(row)}
                >
                  {onChosen && (
                    <td>
                      <input
                        type="checkbox"
                        tabIndex={row === current ? 0 : -1}
                        aria-label={words.choose(name)}
                        checked={chosen.has(id)}
                        onChange={() => toggle(id)}
                      />
                    </td>
                  )}
                  <th scope="row">
                    <Link to={to} params={{ id }} tabIndex={row === current ? 0 : -1}>
                      {name}
                    </Link>
                  </th>
                  {columns.map(({ key, number, cell }) => (
                    <td key={key} className={number === true ? 'number' : undefined}>
                      {cell(one)}
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </>
  )
}
