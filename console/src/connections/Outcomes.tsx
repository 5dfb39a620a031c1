import { Link } from '@tanstack/react-router'
import type { Declaration } from '@/api/schema'
import { useMessages } from '@/language'

/** What becomes, or would become, of each device; what cannot be comes first. */
export function Outcomes({ outcomes }: { outcomes: Declaration[] }) {
  const words = useMessages().chirpstack
  if (outcomes.length === 0) return null
  const order = ['impossible', 'differs', 'create', 'there']
  const sorted = outcomes.toSorted((one, other) => order.indexOf(one.action) - order.indexOf(other.action))
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={words.devices}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.columns.device}</th>
            <th scope="col">{words.columns.profile}</th>
            <th scope="col">{words.columns.keys}</th>
            <th scope="col">{words.columns.outcome}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((one) => (
            <tr key={one.device}>
              <th scope="row">
                <Link to="/devices/$id" params={{ id: one.device }}>
                  {one.name}
                </Link>{' '}
                <span className="identifier quiet">{one.code}</span>
              </th>
              <td>{one.profile}</td>
              <td>{one.keys ? words.kept : words.lacking}</td>
              <td>
                {words.outcomes[one.action === 'create' && one.done ? 'done' : one.action]}
                {one.why != null && <span className="quiet"> : {one.why}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
