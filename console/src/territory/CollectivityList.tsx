import { Link } from '@tanstack/react-router'
import { useDeferredValue, useId, useMemo, useState } from 'react'
import type { Collectivity } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { matches } from '@/design/search'
import { useFormats, useMessages } from '@/language'
import type { Held } from '@/territory/holdings'
import type { Shading } from '@/territory/shading'

type Kind = Collectivity['kind']

type Props = { held: Held[]; shading: Shading; onPoint: (key: string | null) => void }

/** The collectivités as a table, searched by name or official code. */
export function CollectivityList({ held, shading, onPoint }: Props) {
  const messages = useMessages()
  const formats = useFormats()
  const [typed, setTyped] = useState('')
  const query = useDeferredValue(typed)
  const [kind, setKind] = useState<Kind | 'all'>('commune')
  const search = useId()
  const select = useId()
  const kinds = useMemo(() => [...new Set(held.map((one) => one.kind))], [held])
  const measured = shading.choice !== 'devices'
  // On a phone, what was asked goes before.
  const besides = measured ? 'number besides' : 'number'
  const valueOf = (key: string) => {
    const value = shading.values.get(key)
    return value === undefined ? messages.none : formats.quantity(value, shading.unit)
  }
  const found = held.filter(
    (one) => (kind === 'all' || one.kind === kind) && (matches(one.name, query) || one.code === query.trim()),
  )

  return (
    <section className="list" aria-labelledby={`${search}-title`}>
      <h2 id={`${search}-title`}>{messages.home.list}</h2>
      <div className="fields">
        <div className="field grow">
          <label htmlFor={search}>{messages.home.search}</label>
          <input
            id={search}
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            autoComplete="off"
          />
        </div>
        <div className="field">
          <label htmlFor={select}>{messages.home.kind}</label>
          <select id={select} value={kind} onChange={(event) => setKind(event.target.value as Kind | 'all')}>
            {kinds.map((one) => (
              <option key={one} value={one}>
                {messages.kinds[one].many}
              </option>
            ))}
            <option value="all">{messages.home.all}</option>
          </select>
        </div>
      </div>
      <p className="count" role="status">
        {messages.home.found(found.length, formats.integer(found.length))}
      </p>
      <div className="scroll" tabIndex={0} role="group" aria-labelledby={`${search}-title`}>
        <table>
          <thead>
            <tr>
              <th scope="col">{messages.home.columns.name}</th>
              <th scope="col" className={besides}>
                {messages.home.columns.devices}
              </th>
              {measured && (
                <th scope="col" className="number">
                  {shading.label}
                </th>
              )}
              <th scope="col" className="number">
                {messages.home.columns.latest}
              </th>
            </tr>
          </thead>
          <tbody>
            {found.map((one) => (
              <tr key={one.key} onMouseEnter={() => onPoint(one.key)} onMouseLeave={() => onPoint(null)}>
                <th scope="row">
                  <Link
                    to="/collectivities/$key"
                    params={{ key: one.key }}
                    onFocus={() => onPoint(one.key)}
                    onBlur={() => onPoint(null)}
                  >
                    {one.name}
                  </Link>
                </th>
                <td className={besides}>{formats.integer(one.devices)}</td>
                {measured && <td className="number">{valueOf(one.key)}</td>}
                <td className="number">
                  {one.latest ? <Ago when={one.latest} /> : <span className="quiet">{messages.none}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
