import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { maintenanceQuery } from '@/api/purchases'
import type { Forecast } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Field } from '@/design/Field'
import { Term } from '@/design/Term'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { useNames } from '@/pooling/names'
import { Print } from '@/pooling/Print'
import '@/pooling/pooling.css'
import '@/pooling/buying/buying.css'

const AHEAD = [6, 12, 24, 36]

/** Batteries to come: how many a month with their margin, where they are, what to buy. */
export function MaintenancePage() {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  const [within, setWithin] = useState(12)
  const found = useQuery(maintenanceQuery(within))
  useTitle(words.maintenance.title, words.title)
  return (
    <div className="pooling">
      <Trail
        places={[
          { name: messages.pooling.title, to: '/pooling' },
          { name: words.title, to: '/pooling/purchases' },
        ]}
        here={words.maintenance.title}
      />
      <h1>{words.maintenance.title}</h1>
      <Answer query={found} lines={8} page>
        {(told) => (
          <p className="sentence">
            {words.maintenance.sentence(
              told.changes.length,
              formats.integer(told.changes.length),
              formats.integer(told.within),
            )}
            .
          </p>
        )}
      </Answer>
      <div className="fields end">
        <Field label={words.maintenance.within}>
          {(given) => (
            <select {...given} value={within} onChange={({ target }) => setWithin(Number(target.value))}>
              {AHEAD.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </Field>
        <Print />
      </div>
      {found.data && <Told told={found.data} />}
    </div>
  )
}

function Told({ told }: { told: Forecast }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases
  const names = useNames()
  const most = Math.max(1, ...told.months.map((one) => one.expected))
  return (
    <>
      <p>
        {words.maintenance.known(formats.integer(told.told), formats.integer(told.batteries))}{' '}
        <Term explained={words.maintenance.howExplained}>{words.maintenance.how}</Term>
      </p>
      {(told.level ?? 0) > 0 && (
        <p>{words.maintenance.levelOnly(told.level ?? 0, formats.integer(told.level ?? 0))}</p>
      )}
      {(told.unstated ?? 0) > 0 && (
        <p>
          {words.maintenance.unstated(told.unstated ?? 0, formats.integer(told.unstated ?? 0))}{' '}
          <Link to="/pooling/purchases/models">{words.toCatalogue}</Link>
        </p>
      )}
      {told.told > 0 && (
        <section className="part">
          <h2>{words.maintenance.chart}</h2>
          <div className="wide" tabIndex={0} role="region" aria-label={words.maintenance.chart}>
            <table className="listing bars">
              <thead>
                <tr>
                  <th scope="col">{words.maintenance.month}</th>
                  <th scope="col">{words.maintenance.expected}</th>
                  <th scope="col" className="number">
                    {words.maintenance.between}
                  </th>
                </tr>
              </thead>
              <tbody>
                {told.months.map((one) => (
                  <tr key={one.month}>
                    <th scope="row">{formats.month(one.month)}</th>
                    <td>
                      <span
                        className="bar"
                        aria-hidden="true"
                        style={{ inlineSize: `${(100 * one.expected) / most}%` }}
                      />
                      <span className="value">{formats.integer(one.expected)}</span>
                    </td>
                    <td className="number">
                      {words.maintenance.betweenSaid(formats.integer(one.low), formats.integer(one.high))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
      {told.changes.length > 0 && (
        <section className="part">
          <h2>{words.maintenance.list}</h2>
          <div className="scroll" tabIndex={0} role="region" aria-label={words.maintenance.list}>
            <table>
              <thead>
                <tr>
                  {[
                    words.maintenance.device,
                    words.member,
                    words.maintenance.level,
                    words.maintenance.around,
                    words.maintenance.margin,
                  ].map((title) => (
                    <th scope="col" key={title}>
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {told.changes.map((one) => (
                  <tr key={one.device}>
                    <th scope="row">
                      <Link to="/devices/$id" params={{ id: one.device }}>
                        {one.name}
                      </Link>
                      <span className="quiet"> {one.code}</span>
                    </th>
                    <td>{names.member(one.owner)}</td>
                    <td>
                      {one.volts == null
                        ? formats.quantity(Math.round(one.level), '%')
                        : words.maintenance.volts(formats.number(Math.round(100 * one.volts) / 100))}
                    </td>
                    <td className="value">{formats.month(one.month)}</td>
                    <td>
                      {one.weeks === 0
                        ? words.maintenance.byLevel
                        : words.maintenance.marginSaid(
                            formats.month(one.earliest),
                            one.latest == null ? words.maintenance.never : formats.month(one.latest),
                          )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
      {told.proposed.length > 0 && (
        <section className="part">
          <h2>{words.maintenance.next}</h2>
          <p className="quiet">{words.maintenance.nextExplained}</p>
          <div className="wide">
            <table className="listing stacked">
              <thead>
                <tr>
                  <th scope="col">{words.model}</th>
                  <th scope="col">{words.member}</th>
                  <th scope="col" className="number">
                    {words.quantity}
                  </th>
                </tr>
              </thead>
              <tbody>
                {told.proposed.map((one) => (
                  <tr key={`${one.model ?? ''} ${one.owner}`}>
                    <th scope="row">{one.model ?? words.maintenance.noModel}</th>
                    <td data-label={words.member}>{names.member(one.owner)}</td>
                    <td className="number value" data-label={words.quantity}>
                      {formats.integer(one.quantity)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      )}
    </>
  )
}
