import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { usageRowsFile, withdrawQuantity } from '@/api/pooling'
import type { ServiceReturn, UsageEntry, UsageMonth } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useNames, useRights } from '@/pooling/names'

/** One service: what was paid for it, and what came of it month by month, to the rows. */
export function ServiceGot({ one, member, year }: { one: ServiceReturn; member: string; year: number }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling
  const names = useNames()
  const service = names.service(one.service)
  const basis = one.basis
  return (
    <article className="got">
      <h3>{one.name === '' ? service : one.name}</h3>
      <p>
        {one.name === '' ? (
          words.return.free
        ) : (
          <>
            <Link
              to="/pooling/services/$service/$year/statements"
              params={{ service: one.service, year }}
              search={{ basis, member }}
            >
              {words.return.paid} : {formats.euros(Number(one.paid))}
            </Link>{' '}
            ({basis === 'actual' ? words.return.ofActual : words.return.ofForecast}). {words.return.alone} :{' '}
            {formats.euros(Number(one.alone))}.
          </>
        )}
      </p>
      {one.months.length > 0 && <Months months={one.months} service={service} />}
      {one.entered.length > 0 && <ByHand entered={one.entered} />}
    </article>
  )
}

function Months({ months, service }: { months: UsageMonth[]; service: string }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.return
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={words.open(service)}>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.month}</th>
            {[words.devices, words.deviceDays, words.messages, words.observations].map((title) => (
              <th scope="col" key={title} className="number">
                {title}
              </th>
            ))}
            <th scope="col" className="screen">
              {words.rows}
            </th>
          </tr>
        </thead>
        <tbody>
          {months.map((one) => (
            <tr key={one.month}>
              <th scope="row">
                {formats.month(one.month)}
                {one.before && one.before.length > 0 && (
                  <span className="quiet">
                    {' '}
                    {words.corrected(one.before.length, formats.integer(one.before.length))} (
                    {one.before
                      .map((each) =>
                        words.before(String(each.revision), formats.integer(each.figures.observations)),
                      )
                      .join(', ')}
                    )
                  </span>
                )}
              </th>
              <td className="number">{formats.integer(one.figures.devices)}</td>
              <td className="number">{formats.integer(one.figures.device_days)}</td>
              <td className="number">{formats.integer(one.figures.messages)}</td>
              <td className="number">{formats.integer(one.figures.observations)}</td>
              <td className="screen">
                <a href={usageRowsFile(one.owner, one.service, one.month)} download>
                  CSV<span className="unseen"> {words.rowsOf(service, formats.month(one.month))}</span>
                </a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ByHand({ entered }: { entered: UsageEntry[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.return
  const rights = useRights()
  const withdrawing = useMutation({
    mutationFn: withdrawQuantity,
    onSettled: (_, __, ___, ____, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  return (
    <>
      <h4>{words.byHand}</h4>
      <ul className="by-hand">
        {entered.map((one) => (
          <li key={one.id}>
            <span className={one.withdrawn ? 'gone' : ''}>
              {formats.month(one.month)} : {formats.number(Number(one.quantity))}{' '}
              {messages.pooling.units[one.unit] ?? one.unit}
              {one.note !== '' && `, ${one.note}`}
            </span>{' '}
            <span className="quiet">
              {words.by(one.entered.by_name, formats.date(new Date(one.entered.at)))}
              {one.withdrawn &&
                ` ; ${words.withdrawn(one.withdrawn.by_name, formats.date(new Date(one.withdrawn.at)))}`}
            </span>
            {rights.operates && !one.withdrawn && (
              <button
                type="button"
                className="plain screen"
                disabled={withdrawing.isPending}
                onClick={() => withdrawing.mutate(one.id)}
              >
                {words.withdraw}
              </button>
            )}
          </li>
        ))}
      </ul>
      {withdrawing.isError && <Trouble error={withdrawing.error} />}
    </>
  )
}
