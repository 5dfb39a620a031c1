import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { assetKindsQuery, assetQuery, seriesAboutQuery, siteQuery, statesOfAssetQuery } from '@/api/devices'
import { collectivityQuery, servicesQuery, sessionQuery } from '@/api/queries'
import type { Asset, DeviceState, Series } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { Simulated } from '@/design/Simulated'
import { useTitle } from '@/design/title'
import { Trail } from '@/design/Trail'
import { useSpeech } from '@/language'
import type { Latest } from '@/observations/latest'
import { LiveNotice } from '@/observations/LiveNotice'
import { Measures } from '@/things/Measures'
import { MESSAGES, useMeasured } from '@/things/measured'
import { Notes } from '@/things/Notes'
import { Photos } from '@/things/Photos'
import { Related } from '@/things/Related'
import { State } from '@/things/State'

const route = getRouteApi('/inside/assets/$id')

/** One piece of equipment: what measures it, what is measured, what it hangs together with. */
export function AssetPage() {
  const { id } = route.useParams()
  return (
    <Answer page query={useQuery(assetQuery(id))} lines={8}>
      {(asset) => <Shown key={id} asset={asset} />}
    </Answer>
  )
}

function Shown({ asset }: { asset: Asset }) {
  const owner = useQuery(collectivityQuery(asset.owner))
  const series = useQuery(seriesAboutQuery({ asset: asset.id }))
  useTitle(asset.name, owner.data?.name)
  return (
    <>
      <Trail
        places={[
          { to: '/collectivities/$key', params: { key: asset.owner }, name: owner.data?.name ?? asset.owner },
        ]}
        here={asset.name}
      />
      <Answer query={series} lines={8}>
        {(known) => <Known asset={asset} series={known} />}
      </Answer>
    </>
  )
}

function Known({ asset, series }: { asset: Asset; series: Series[] }) {
  const { language } = useSpeech()
  const shown = route.useSearch()
  const navigate = route.useNavigate()
  const kinds = useQuery(assetKindsQuery)
  const devices = useQuery(statesOfAssetQuery(asset.id))
  const { latest, live } = useMeasured(series)
  const kind = kinds.data?.items.find((one) => one.code === asset.kind)
  return (
    <>
      <div className="heading">
        <div>
          <h1>{asset.name}</h1>
          <p className="over">
            {kind ? kind[`name_${language}`] : asset.kind} · <span className="identifier">{asset.code}</span>
          </p>
        </div>
        <div className="marks">
          {asset.simulated === true && <Simulated />}
          <LiveNotice live={live} />
        </div>
      </div>
      <Answer query={devices} lines={1}>
        {(states) => <Sentence states={states} series={series} latest={latest.data ?? new Map()} />}
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
      <Answer query={devices} lines={2}>
        {(states) => <Devices states={states} />}
      </Answer>
      <Photos which={{ asset: asset.id }} owner={asset.owner} />
      <Notes which={{ asset: asset.id }} owner={asset.owner} />
      <Related which={{ asset: asset.id }} />
      <About asset={asset} />
    </>
  )
}

type SentenceProps = { states: DeviceState[]; series: Series[]; latest: Latest }

function Sentence({ states, series, latest }: SentenceProps) {
  const { messages, formats } = useSpeech()
  const words = messages.things.asset
  const measured = series.filter((one) => one.observed_property !== MESSAGES)
  const times = measured.flatMap((one) => latest.get(one.id)?.time.getTime() ?? [])
  const silent = states.filter(({ state }) => state === 'silent').length
  return (
    <p className="sentence">
      {words.sentence(states.length, formats.integer(states.length))}
      {silent > 0 && <strong>, {words.silent(silent, formats.integer(silent))}</strong>}
      {', '}
      {words.series(measured.length, formats.integer(measured.length))}
      {times.length > 0 && (
        <>
          {messages.semicolon}
          {words.latest} <Ago when={new Date(Math.max(...times))} />
        </>
      )}
      .
    </p>
  )
}

function Devices({ states }: { states: DeviceState[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.asset
  const { columns } = messages.things.list
  return (
    <section className="part" aria-labelledby="devices">
      <h2 id="devices">{words.devices}</h2>
      {states.length === 0 ? (
        <div className="empty">
          <p>{words.noDevice}</p>
          <p className="quiet">{words.noDeviceDetail}</p>
        </div>
      ) : (
        <div className="scroll" tabIndex={0} role="group" aria-labelledby="devices">
          <table>
            <thead>
              <tr>
                <th scope="col">{columns.name}</th>
                <th scope="col">{columns.state}</th>
                <th scope="col">{columns.latest}</th>
                <th scope="col" className="number">
                  {columns.battery}
                </th>
              </tr>
            </thead>
            <tbody>
              {states.map(({ device, state, latest, battery }) => (
                <tr key={device.id}>
                  <th scope="row">
                    <Link to="/devices/$id" params={{ id: device.id }}>
                      {device.name}
                    </Link>
                  </th>
                  <td>
                    <State of={state} />
                  </td>
                  <td>{latest == null ? messages.none : <Ago when={new Date(latest)} />}</td>
                  <td className="number">
                    {battery == null ? messages.none : formats.quantity(battery, '%')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function About({ asset }: { asset: Asset }) {
  const { messages, language } = useSpeech()
  const words = messages.things.about
  const owner = useQuery(collectivityQuery(asset.owner))
  const services = useQuery(servicesQuery)
  // Sites are not shared: whoever has no role there would only be refused.
  const mine = useQuery(sessionQuery).data?.rights[asset.owner] !== undefined
  const site = useQuery({ ...siteQuery(asset.site ?? 0), enabled: asset.site != null && mine, retry: false })
  const service = services.data?.items.find((one) => one.code === asset.service)
  const { longitude, latitude } = asset
  const place =
    longitude == null || latitude == null ? messages.none : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`
  const facts = [
    [words.code, asset.code],
    [words.owner, owner.data?.name ?? asset.owner],
    [words.service, service ? service[`name_${language}`] : asset.service],
    [words.site, site.data?.name ?? messages.none],
    [words.place, place],
    ...Object.entries(asset.properties ?? {}).map(([name, value]) => [name, String(value ?? '')]),
  ]
  return (
    <section className="part" aria-labelledby="about">
      <h2 id="about">{words.title}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
