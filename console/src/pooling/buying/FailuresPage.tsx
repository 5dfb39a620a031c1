import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { failuresQuery, withdrawFailure } from '@/api/failures'
import { deviceQuery } from '@/api/devices'
import type { Device, Failure, FailureList } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { FailureForm } from '@/pooling/buying/FailureForm'
import { dayOf } from '@/pooling/days'
import { useNames, useRights } from '@/pooling/names'
import '@/pooling/pooling.css'
import '@/pooling/buying/buying.css'

const route = getRouteApi('/inside/pooling/failures')

/** Failures as people record them, and devices silent for long to be looked at; of one device when it is told. */
export function FailuresPage() {
  const { device } = route.useSearch()
  const { messages } = useSpeech()
  const words = messages.purchases
  const found = useQuery(failuresQuery(device))
  useTitle(words.failures.title, words.title)
  return (
    <div className="pooling">
      <Trail
        places={[
          { name: messages.pooling.title, to: '/pooling' },
          { name: words.title, to: '/pooling/purchases' },
        ]}
        here={words.failures.title}
      />
      <h1>{words.failures.title}</h1>
      <Answer query={found} lines={8} page>
        {(told) => <Told told={told} />}
      </Answer>
      {device !== undefined && <OfDevice id={device} />}
    </div>
  )
}

function Told({ told }: { told: FailureList }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.failures
  const open = told.failures.filter((one) => one.ended_on == null && one.withdrawn == null).length
  return (
    <>
      <p className="sentence">
        {words.sentence(open, formats.integer(open), told.silent, formats.integer(told.silent))}.
      </p>
      <p>{words.explained}</p>
      <Recorded failures={told.failures} />
      {told.silences.length > 0 && <Silences told={told} />}
    </>
  )
}

function Recorded({ failures }: { failures: Failure[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.failures
  const names = useNames()
  const rights = useRights()
  const withdrawing = useMutation({
    mutationFn: (id: number) => withdrawFailure(id),
    onSettled: (_, __, ___, ____, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  if (failures.length === 0) return <p className="quiet">{words.none}</p>
  const day = (text: string) => formats.date(dayOf(text))
  return (
    <section className="part">
      <h2>{words.list}</h2>
      <div className="scroll" tabIndex={0} role="region" aria-label={words.list}>
        <table className="listing stacked">
          <thead>
            <tr>
              {[
                words.device,
                words.failedOn,
                words.cause,
                words.outcome,
                words.part,
                words.note,
                words.by,
              ].map((title) => (
                <th scope="col" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {failures.map((one) => (
              <tr key={one.id}>
                <th scope="row">
                  <Link to="/pooling/failures" search={{ device: one.device }}>
                    {one.name}
                  </Link>
                  <span className="quiet">
                    {' '}
                    {one.model ?? one.code}, {names.member(one.owner)}
                  </span>
                </th>
                <td data-label={words.failedOn}>{day(one.failed_on)}</td>
                <td data-label={words.cause}>{words.causes[one.cause]}</td>
                <td data-label={words.outcome}>
                  {one.outcome == null || one.ended_on == null
                    ? one.spoke_on == null
                      ? words.still
                      : words.spoke(day(one.spoke_on))
                    : `${words.outcomes[one.outcome]}, ${day(one.ended_on)}`}
                </td>
                <td data-label={words.part}>{one.part === '' ? '—' : one.part}</td>
                <td data-label={words.note}>{one.note === '' ? '—' : one.note}</td>
                <td data-label={words.by}>
                  {one.recorded.by_name}{' '}
                  {one.withdrawn != null ? (
                    <strong>{words.withdrawn}</strong>
                  ) : (
                    rights.operatesOf(one.owner) && (
                      <button
                        type="button"
                        className="plain screen"
                        disabled={withdrawing.isPending}
                        onClick={() => withdrawing.mutate(one.id)}
                      >
                        {words.withdraw}
                        <span className="unseen"> {one.name}</span>
                      </button>
                    )
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {withdrawing.isError && <Trouble error={withdrawing.error} />}
    </section>
  )
}

function Silences({ told }: { told: FailureList }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.failures
  const names = useNames()
  return (
    <section className="part">
      <h2>{words.silences}</h2>
      <p>{words.silencesExplained}</p>
      {told.silences.length < told.silent && (
        <p className="quiet">{words.someOf(formats.integer(told.silences.length))}</p>
      )}
      <div className="scroll" tabIndex={0} role="region" aria-label={words.silences}>
        <table>
          <thead>
            <tr>
              {[words.device, messages.purchases.member, messages.purchases.model, words.since].map(
                (title) => (
                  <th scope="col" key={title}>
                    {title}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {told.silences.map((one) => (
              <tr key={one.device}>
                <th scope="row">
                  <Link to="/pooling/failures" search={{ device: one.device }}>
                    {one.name}
                  </Link>
                </th>
                <td>{names.member(one.owner)}</td>
                <td>{one.model ?? '—'}</td>
                <td>{formats.date(new Date(one.since))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

/** What may be recorded of one device: a new failure, or what followed of the one under way. */
function OfDevice({ id }: { id: number }) {
  const words = useSpeech().messages.purchases.failures
  const device = useQuery(deviceQuery(id))
  return (
    <section className="part screen">
      <p>
        <Link to="/pooling/failures" search={{}}>
          {words.all}
        </Link>
      </p>
      <Answer query={device} lines={4}>
        {(one) => <Recording device={one} />}
      </Answer>
    </section>
  )
}

function Recording({ device }: { device: Device }) {
  const words = useSpeech().messages.purchases.failures
  const rights = useRights()
  const found = useQuery(failuresQuery(device.id))
  const open = found.data?.failures.find((one) => one.ended_on == null && one.withdrawn == null)
  return (
    <>
      <h2>
        <Link to="/devices/$id" params={{ id: device.id }}>
          {device.name}
        </Link>
      </h2>
      {found.data && rights.operatesOf(device.owner) && (
        <>
          <h3>{open === undefined ? words.record : words.end}</h3>
          <FailureForm key={open?.id ?? 0} device={device.id} open={open} />
        </>
      )}
    </>
  )
}
