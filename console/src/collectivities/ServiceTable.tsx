import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import type { Series } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { useFormats, useMessages } from '@/language'
import type { Latest } from '@/observations/latest'
import { Quality, Value } from '@/observations/values'

const PAGE = 25

type Props = { name: string; owner: string; members: Series[]; latest: Latest }

/** The series of one service, each with its latest value, how old it is and how far to trust it. */
export function ServiceTable({ name, owner, members, latest }: Props) {
  const messages = useMessages()
  const formats = useFormats()
  const { columns, more } = messages.collectivity
  const [shown, setShown] = useState(PAGE)
  const title = useId()
  const left = members.length - shown

  return (
    <section aria-labelledby={title} className="service">
      <h3 id={title}>
        {name} <span className="quiet">{formats.integer(members.length)}</span>
      </h3>
      <table className="stacked">
        <thead>
          <tr>
            <th scope="col">{columns.series}</th>
            <th scope="col" className="number">
              {columns.value}
            </th>
            <th scope="col" className="number">
              {columns.latest}
            </th>
            <th scope="col">{columns.quality}</th>
          </tr>
        </thead>
        <tbody>
          {members.slice(0, shown).map((series) => {
            const observation = latest.get(series.id)
            return (
              <tr key={series.id}>
                <th scope="row">
                  <Link to="/series/$id" params={{ id: series.id }}>
                    {shortOf(series.name, owner)}
                  </Link>
                </th>
                <td className="number large">
                  <Value observation={observation} series={series} />
                </td>
                <td className="number">
                  {observation ? (
                    <Ago when={observation.time} />
                  ) : (
                    <span className="quiet">{messages.freshness.never}</span>
                  )}
                </td>
                <td>{observation && <Quality of={observation.quality} />}</td>
              </tr>
            )
          })}
        </tbody>
      </table>
      {left > 0 && (
        <button type="button" className="button" onClick={() => setShown(shown + PAGE * 4)}>
          {more(formats.integer(Math.min(left, PAGE * 4)))}
        </button>
      )}
    </section>
  )
}

/** A series' name without its owner's at the end: the page is that of the owner. */
function shortOf(name: string, owner: string): string {
  return name.endsWith(`, ${owner}`) ? name.slice(0, -owner.length - 2) : name
}
