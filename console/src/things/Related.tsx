import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { relationsQuery, type Which } from '@/api/devices'
import type { Neighbour } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useFormats, useMessages } from '@/language'

const SHOWN = 12

/** What stands at the other end of a thing's relations, by the word that relates them. */
export function Related({ which }: { which: Which }) {
  const words = useMessages().things.related
  const found = useQuery(relationsQuery(which))
  return (
    <section className="part" aria-labelledby="related">
      <h2 id="related">{words.title}</h2>
      <Answer query={found} lines={3}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{words.none}</p>
          ) : (
            <dl className="related">
              {[...groupsOf(items)].map(([word, some]) => (
                <Group key={word} word={word} some={some} />
              ))}
            </dl>
          )
        }
      </Answer>
    </section>
  )

  function groupsOf(items: Neighbour[]): Map<string, Neighbour[]> {
    return Map.groupBy(items, ({ relation, direction }) => words.words[relation.kind][direction])
  }
}

function Group({ word, some }: { word: string; some: Neighbour[] }) {
  const words = useMessages().things.related
  const formats = useFormats()
  const [all, setAll] = useState(false)
  const shown = all ? some : some.slice(0, SHOWN)
  return (
    <div>
      <dt>{word}</dt>
      {shown.map((one) => (
        <dd key={one.relation.id}>
          <Thing thing={one} />
          {one.relation.until != null && (
            <span className="quiet"> {words.ended(formats.date(new Date(one.relation.until)))}</span>
          )}
        </dd>
      ))}
      {some.length > shown.length && (
        <dd>
          <button type="button" className="plain" onClick={() => setAll(true)}>
            {words.more(formats.integer(some.length - shown.length))}
          </button>
        </dd>
      )}
    </div>
  )
}

function Thing({ thing: { type, id, name, code } }: { thing: Neighbour }) {
  const words = useMessages().things.related
  if (name == null) return <span className="quiet">{words.hidden}</span>
  if (type === 'device') {
    return (
      <Link to="/devices/$id" params={{ id }}>
        {name}
      </Link>
    )
  }
  if (type === 'asset') {
    return (
      <Link to="/assets/$id" params={{ id }}>
        {name}
      </Link>
    )
  }
  if (type === 'series') {
    return (
      <Link to="/series/$id" params={{ id }}>
        {name}
      </Link>
    )
  }
  return (
    <>
      {name} <span className="quiet">{code}</span>
    </>
  )
}
