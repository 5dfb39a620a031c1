import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { collectivityNowQuery, collectivityQuery, seriesOfQuery, servicesQuery } from '@/api/queries'
import type { Collectivity, Series } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { useNow } from '@/design/now'
import { matches } from '@/design/search'
import { Simulated } from '@/design/Simulated'
import { useTitle } from '@/design/title'
import { Trail } from '@/design/Trail'
import { useSpeech } from '@/language'
import { freshnessOf } from '@/observations/freshness'
import { useLatest, type Latest } from '@/observations/latest'
import { LiveNotice } from '@/observations/LiveNotice'
import { Attention } from '@/collectivities/Attention'
import { ServiceFigures } from '@/collectivities/ServiceFigures'
import { ServiceTable } from '@/collectivities/ServiceTable'

const route = getRouteApi('/inside/collectivities/$key')

export function CollectivityPage() {
  const { key } = route.useParams()
  return (
    <Answer page query={useQuery(collectivityQuery(key))} lines={8}>
      {(collectivity) => <Shown key={key} collectivity={collectivity} />}
    </Answer>
  )
}

function Shown({ collectivity }: { collectivity: Collectivity }) {
  const { messages, formats } = useSpeech()
  const now = useQuery(collectivityNowQuery(collectivity.key))
  const series = useQuery(seriesOfQuery(collectivity.key))
  const { latest, live } = useLatest({ owner: [collectivity.key] })
  const { population, population_kind: kind } = collectivity
  useTitle(collectivity.name)

  return (
    <>
      <Trail here={collectivity.name} />
      <div className="heading">
        <div>
          <h1>{collectivity.name}</h1>
          <p className="over">
            {messages.kinds[collectivity.kind].one}
            {population != null && ` · ${messages.collectivity.inhabitants(formats.integer(population))}`}
            {kind != null && ` (${messages.collectivity.populations[kind]})`}
          </p>
        </div>
        <div className="marks">
          {now.data?.simulated === true && <Simulated />}
          <LiveNotice live={live} />
        </div>
      </div>
      <Answer query={now} lines={8}>
        {(known) =>
          known.series === 0 ? (
            <div className="empty">
              <p>{messages.collectivity.empty}</p>
              <p className="quiet">{messages.collectivity.emptyDetail}</p>
            </div>
          ) : (
            <>
              <Attention now={known} />
              <ServiceFigures now={known} />
            </>
          )
        }
      </Answer>
      <Answer query={series} lines={8}>
        {(known) => (
          <Answer query={latest} lines={8}>
            {(newest) => <Holdings owner={collectivity.name} series={known} latest={newest} />}
          </Answer>
        )}
      </Answer>
    </>
  )
}

function Holdings({ owner, series, latest }: { owner: string; series: Series[]; latest: Latest }) {
  const { messages, language } = useSpeech()
  const words = messages.collectivity
  const services = useQuery(servicesQuery)
  const [query, setQuery] = useState('')
  const search = useId()
  const found = series.filter((one) => matches(one.name, query))
  const groups = Object.entries(Object.groupBy(found, (one) => one.service))
    .map(([code, members]) => ({ code, name: nameOf(code), members: members ?? [] }))
    .sort((one, other) => one.name.localeCompare(other.name, language))

  if (series.length === 0) return null
  return (
    <>
      <h2 className="all">{messages.now.all}</h2>
      <Sentence series={series} latest={latest} />
      <div className="field narrow">
        <label htmlFor={search}>{words.search}</label>
        <input
          id={search}
          type="search"
          autoComplete="off"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </div>
      {groups.length === 0 && <p className="empty">{words.notFound}</p>}
      <div className="services">
        {groups.map((group) => (
          <ServiceTable key={group.code} owner={owner} {...group} latest={latest} />
        ))}
      </div>
    </>
  )

  function nameOf(code: string): string {
    const service = services.data?.items.find((one) => one.code === code)
    return service ? service[`name_${language}`] : code
  }
}

function Sentence({ series, latest }: { series: Series[]; latest: Latest }) {
  const { messages, formats } = useSpeech()
  const words = messages.collectivity
  const now = useNow()
  const times = series.flatMap((one) => latest.get(one.id)?.time ?? [])
  const newest = times.length > 0 ? new Date(Math.max(...times.map((time) => time.getTime()))) : null
  const silent = times.filter((time) => freshnessOf(time, now) === 'old').length
  const services = new Set(series.map((one) => one.service)).size
  return (
    <p>
      {words.sentence(series.length, formats.integer(series.length), services)}
      {newest && (
        <>
          {', '}
          {words.latest} <Ago when={newest} />
        </>
      )}
      {silent > 0 && `${messages.semicolon}${words.silent(silent, formats.integer(silent))}`}.
    </p>
  )
}
