import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { deviceQuery, seriesAboutQuery, stateOfQuery } from '@/api/devices'
import { collectivityQuery } from '@/api/queries'
import type { Device, Series } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Simulated } from '@/design/Simulated'
import { useTitle } from '@/design/title'
import { Trail } from '@/design/Trail'
import { useSpeech } from '@/language'
import { LiveNotice } from '@/observations/LiveNotice'
import { About } from '@/devices/About'
import { Messages } from '@/devices/Messages'
import { Radio } from '@/devices/Radio'
import { StateSentence } from '@/devices/StateSentence'
import { Measures } from '@/things/Measures'
import { MESSAGES, useMeasured } from '@/things/measured'
import { Notes } from '@/things/Notes'
import { Photos } from '@/things/Photos'
import { Related } from '@/things/Related'

const route = getRouteApi('/inside/devices/$id')

/** One device: how it fares, what it measures, how it is heard, what it said. */
export function DevicePage() {
  const { id } = route.useParams()
  return (
    <Answer page query={useQuery(deviceQuery(id))} lines={8}>
      {(device) => <Shown key={id} device={device} />}
    </Answer>
  )
}

function Shown({ device }: { device: Device }) {
  const { messages } = useSpeech()
  const owner = useQuery(collectivityQuery(device.owner))
  const series = useQuery(seriesAboutQuery({ device: device.id }))
  useTitle(device.name, owner.data?.name)
  return (
    <>
      <Trail
        places={[
          {
            to: '/collectivities/$key',
            params: { key: device.owner },
            name: owner.data?.name ?? device.owner,
          },
          { to: '/devices', name: messages.things.list.title },
        ]}
        here={device.name}
      />
      <Answer query={series} lines={8}>
        {(known) => <Known device={device} series={known} />}
      </Answer>
    </>
  )
}

function Known({ device, series }: { device: Device; series: Series[] }) {
  const { messages } = useSpeech()
  const queries = useQueryClient()
  const shown = route.useSearch()
  const navigate = route.useNavigate()
  const sent = series.find((one) => one.observed_property === MESSAGES)
  const { latest, live } = useMeasured(series, () => {
    void queries.invalidateQueries({ queryKey: ['devices', 'states', 'one', device.id] })
    void queries.invalidateQueries({ queryKey: ['devices', 'messages', device.id] })
    void queries.invalidateQueries({ queryKey: ['devices', 'health', device.id] })
  })
  return (
    <>
      <div className="heading">
        <div>
          <h1>{device.name}</h1>
          <p className="over">
            {messages.things.kinds[device.kind]} · <span className="identifier">{device.code}</span>
          </p>
        </div>
        <div className="marks">
          {device.simulated === true && <Simulated />}
          <LiveNotice live={live} />
        </div>
      </div>
      <Answer query={useQuery(stateOfQuery(device.id))} lines={1}>
        {(state) => state && <StateSentence state={state} />}
      </Answer>
      <Answer query={latest} lines={6}>
        {(newest) => (
          <Measures
            series={series}
            latest={newest}
            shown={shown}
            onShown={(search) => void navigate({ search, replace: true, resetScroll: false })}
          />
        )}
      </Answer>
      <Radio device={device} />
      {device.kind !== 'gateway' && (
        <p>
          <Link to="/devices/$id/downlinks" params={{ id: device.id }}>
            {messages.downlinks.title}
          </Link>
          {' · '}
          <Link to="/pooling/failures" search={{ device: device.id }}>
            {messages.purchases.failures.toDevice}
          </Link>
        </p>
      )}
      {sent && <Messages device={device} series={series} sent={sent} />}
      <Photos which={{ device: device.id }} owner={device.owner} />
      <Notes which={{ device: device.id }} owner={device.owner} />
      <Related which={{ device: device.id }} />
      <About device={device} />
    </>
  )
}
