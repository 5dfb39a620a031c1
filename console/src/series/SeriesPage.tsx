import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Navigate } from '@tanstack/react-router'
import { collectivityQuery, observedPropertiesQuery, oneSeriesQuery } from '@/api/queries'
import type { Series } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { useNow } from '@/design/now'
import { Simulated } from '@/design/Simulated'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { useLatest } from '@/observations/latest'
import { LiveNotice } from '@/observations/LiveNotice'
import { Quality, Value } from '@/observations/values'
import { About } from '@/series/About'
import { chartsOf, drawHeard } from '@/charts/charted'
import { choiceOf, type Asked } from '@/charts/period'
import { PeriodChooser } from '@/charts/PeriodChooser'
import { PeriodView } from '@/charts/PeriodView'

const route = getRouteApi('/inside/series/$id')

export function SeriesPage() {
  const { id } = route.useParams()
  return (
    <Answer page query={useQuery(oneSeriesQuery(id))} lines={8}>
      {(series) => <Shown key={id} series={series} />}
    </Answer>
  )
}

function Shown({ series }: { series: Series }) {
  const { messages, language } = useSpeech()
  const queries = useQueryClient()
  const owner = useQuery(collectivityQuery(series.owner))
  const properties = useQuery(observedPropertiesQuery)
  const charts = { queryKey: chartsOf(series) }
  const { latest, live } = useLatest(
    { series: [series.id] },
    {
      heard: (columns) => drawHeard(queries, columns, new Date()),
      missed: () => void queries.invalidateQueries(charts),
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
      <Answer query={latest} lines={6}>
        {() => <Periods series={series} newest={observation?.time ?? null} />}
      </Answer>
      <About series={series} property={property} owner={owner.data} />
    </>
  )
}

/** A period of the series, as the address says or, when it does not, the one that holds the newest data. */
function Periods({ series, newest }: { series: Series; newest: Date | null }) {
  const { formats } = useSpeech()
  const asked = route.useSearch()
  const navigate = route.useNavigate()
  const now = useNow()
  const choice = choiceOf(asked, newest, now, formats.zone)
  const { period } = choice
  const until = asked.until ?? choice.until
  const move = (to: Asked) =>
    void navigate({ search: { ...asked, period, ...to }, replace: true, resetScroll: false })
  // A copied address must show the same period, unless that is the usual one: the last 24 hours, now.
  const unsaid = (until !== null && asked.until === undefined) || (period !== 'day' && !asked.period)

  return (
    <>
      {unsaid && (
        <Navigate
          from="/series/$id"
          to="."
          search={{ period, ...(until !== null && { until }) }}
          replace
          resetScroll={false}
        />
      )}
      <PeriodChooser choice={choice} newest={newest} now={now} onChosen={move} />
      <PeriodView key={`${period} ${until}`} series={series} choice={choice} onMoved={move} />
    </>
  )
}
