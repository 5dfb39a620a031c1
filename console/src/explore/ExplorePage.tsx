import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { seriesQuery } from '@/api/exploring'
import type { Series } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Simulated } from '@/design/Simulated'
import { useTitle } from '@/design/title'
import { Trail } from '@/design/Trail'
import { useSpeech } from '@/language'
import { Chosen } from '@/explore/Chosen'
import { Drawing } from '@/explore/Drawing'
import { without, type Explored } from '@/explore/explored'
import { Picker } from '@/things/Picker'

const route = getRouteApi('/inside/explore')

/** Several series on one chart: all that is shown is in the address. */
export function ExplorePage() {
  const { messages, formats } = useSpeech()
  const words = messages.explore
  const explored = route.useSearch()
  const navigate = route.useNavigate()
  const ids = explored.series ?? []
  const series = useQuery(seriesQuery(ids))
  const show = (search: Explored) => void navigate({ search, replace: true, resetScroll: false })
  useTitle(words.title)
  return (
    <>
      <Trail here={words.title} />
      <div className="heading">
        <h1>{words.title}</h1>
        <div className="marks">{series.data?.some((one) => one.simulated) === true && <Simulated />}</div>
      </div>
      <p className="sentence">
        {ids.length === 0 ? words.nothing : `${words.sentence(ids.length, formats.integer(ids.length))}.`}
      </p>
      <div className="explore">
        <aside className="explore-aside">
          {ids.length > 0 && (
            <Chosen
              series={ids.flatMap((id) => series.data?.find((one) => one.id === id) ?? [])}
              asked={ids}
              known={series.data !== undefined && !series.isPlaceholderData}
              onRemoved={(id) => keep(ids.filter((one) => one !== id))}
            />
          )}
          <Picker chosen={ids} onAdded={(id) => keep([...ids, id])} />
        </aside>
        <div className="explore-main">
          {ids.length === 0 ? (
            <div className="empty">
              <p>{words.nothing}</p>
              <p className="quiet">{words.nothingDetail}</p>
            </div>
          ) : (
            <Answer query={series} lines={10}>
              {(known) => <Shown series={inOrder(known)} explored={explored} onShown={show} />}
            </Answer>
          )}
        </div>
      </div>
    </>
  )

  function keep(wanted: number[]) {
    const others = without(explored, 'series')
    show(wanted.length > 0 ? { ...others, series: wanted } : others)
  }

  function inOrder(known: Series[]): Series[] {
    return ids.flatMap((id) => known.find((one) => one.id === id) ?? [])
  }
}

type ShownProps = { series: Series[]; explored: Explored; onShown: (explored: Explored) => void }

function Shown({ series, ...rest }: ShownProps) {
  return series.length > 0 ? <Drawing series={series} {...rest} /> : null
}
