import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { deviceQuery } from '@/api/devices'
import { downlinksQuery, sessionQuery } from '@/api/queries'
import type { Device } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { useOwnerName } from '@/connections/names'
import { AskDownlink } from '@/downlinks/AskDownlink'
import { DownlinkList } from '@/downlinks/DownlinkList'

const route = getRouteApi('/inside/devices/$id/downlinks')

/** What is sent to a device: what waits, what was asked, and what became of it. */
export function DownlinksPage() {
  const { id } = route.useParams()
  return (
    <Answer page query={useQuery(deviceQuery(id))} lines={8}>
      {(device) => <Shown key={id} device={device} />}
    </Answer>
  )
}

function Shown({ device }: { device: Device }) {
  const { messages, formats } = useSpeech()
  const words = messages.downlinks
  const ownerName = useOwnerName()
  const asked = useQuery(downlinksQuery(device.id))
  const session = useQuery(sessionQuery)
  const right = session.data?.rights[device.owner] ?? 'read'
  const operates = right === 'operate' || right === 'administer'
  useTitle(words.of(device.name))
  return (
    <>
      <Trail places={[{ to: '/connections', name: messages.connections.title }]} here={device.name} />
      <h1>{words.of(device.name)}</h1>
      <p className="over">
        <span className="identifier">{device.code}</span> · {ownerName(device.owner)}
        {device.model != null && ` · ${device.model}`}
      </p>
      <Answer query={asked}>
        {(some) => {
          const waiting = some.filter((one) => one.state === 'awaiting-approval').length
          const leaving = some.filter((one) => one.state === 'queued').length
          return (
            <p className="sentence">
              {words.sentence(waiting, leaving, {
                waiting: formats.integer(waiting),
                leaving: formats.integer(leaving),
              })}
            </p>
          )
        }}
      </Answer>
      {operates && <AskDownlink device={device} />}
      <section className="part" aria-labelledby="history">
        <h2 id="history">{words.history}</h2>
        <Answer query={asked}>
          {(some) =>
            some.length === 0 ? (
              <p className="quiet">{words.none}</p>
            ) : (
              <DownlinkList downlinks={some} operates={operates} />
            )
          }
        </Answer>
      </section>
    </>
  )
}
