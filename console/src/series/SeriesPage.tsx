import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { collectivityQuery, observedPropertiesQuery, oneSeriesQuery } from '@/api/queries'
import type { Series } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { Simulated } from '@/design/Simulated'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { rowsOf } from '@/observations/columns'
import { useLatest } from '@/observations/latest'
import { LiveNotice } from '@/observations/LiveNotice'
import { Quality, Value } from '@/observations/values'
import { About } from '@/series/About'
import { drawingQuery, PeriodView } from '@/series/PeriodView'
import { PERIODS, withLive, type Period } from '@/series/drawing'

const route = getRouteApi('/inside/series/$id')

export function SeriesPage() {
  const { id } = route.useParams()
  const { period } = route.useSearch()
  return (
    <Answer page query={useQuery(oneSeriesQuery(id))} lines={8}>
      {(series) => <Shown key={id} series={series} period={period ?? 'day'} />}
    </Answer>
  )
}

function Shown({ series, period }: { series: Series; period: Period }) {
  const { messages, formats, language } = useSpeech()
  const queries = useQueryClient()
  const owner = useQuery(collectivityQuery(series.owner))
  const properties = useQuery(observedPropertiesQuery)
  const charted = drawingQuery(series, period, formats.zone)
  const { latest, live } = useLatest(
    { series: [series.id] },
    {
      heard: (columns) => {
        const observations = rowsOf(columns)
        queries.setQueryData(charted.queryKey, (known) =>
          known ? { ...known, end: new Date(), drawing: withLive(known.drawing, observations) } : known,
        )
      },
      missed: () => void queries.invalidateQueries({ queryKey: charted.queryKey }),
    },
  )
  const observation = latest.data?.get(series.id)
  const property = properties.data?.items.find((one) => one.code === series.observed_property)
  useTitle(series.name, owner.data?.name)

  return (
    <>
      <Trail
        places={[
          {
            to: '/collectivities/$key',
            params: { key: series.owner },
            name: owner.data?.name ?? series.owner,
          },
        ]}
        here={series.name}
      />
      <div className="heading">
        <div>
          <h1>{series.name}</h1>
          <p className="over">{property ? property[`name_${language}`] : series.observed_property}</p>
        </div>
        <div className="marks">
          {series.simulated === true && <Simulated />}
          <LiveNotice live={live} />
        </div>
      </div>
      <Answer query={latest} lines={1}>
        {() =>
          observation ? (
            <p className="figure">
              <Value observation={observation} series={series} />{' '}
              <span className="freshness">
                <Ago when={observation.time} />
                {' · '}
                {messages.series.columns.quality.toLowerCase()} <Quality of={observation.quality} />
              </span>
            </p>
          ) : (
            <p className="figure quiet">{messages.series.never}</p>
          )
        }
      </Answer>
      <nav className="periods" aria-label={messages.series.period}>
        {PERIODS.map((one) => (
          <Link
            key={one}
            to="/series/$id"
            params={{ id: series.id }}
            search={one === 'day' ? {} : { period: one }}
            replace
            resetScroll={false}
            activeOptions={{ exact: true, includeSearch: true }}
          >
            {messages.series.periods[one]}
          </Link>
        ))}
      </nav>
      <PeriodView key={period} series={series} period={period} />
      <About series={series} property={property} owner={owner.data} />
    </>
  )
}
