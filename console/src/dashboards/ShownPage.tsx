import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect } from 'react'
import { statusOf } from '@/api/client'
import { shownQuery } from '@/api/dashboards'
import type { Shown } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Simulated } from '@/design/Simulated'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import type { Source } from '@/observations/source'
import { Board } from '@/dashboards/Board'

const route = getRouteApi('/shown/$link')

/** A dashboard as the public sees it. */
export function ShownPage() {
  const words = useSpeech().messages.dashboards.shown
  const { link } = route.useParams()
  const shown = useQuery(shownQuery(link))
  if (shown.isError && statusOf(shown.error) === 404) {
    return (
      <div className="trouble" role="alert">
        <h1>{words.gone}</h1>
        <p>{words.goneDetail}</p>
      </div>
    )
  }
  return (
    <Answer page query={shown} lines={8}>
      {(board) => <Page board={board} source={{ link }} />}
    </Answer>
  )
}

function Page({ board, source }: { board: Shown; source: Source }) {
  const { messages, formats, setZone } = useSpeech()
  const words = messages.dashboards.shown
  const view = route.useSearch()
  useTitle(board.name, board.owner)
  useEffect(() => setZone(board.time_zone), [setZone, board.time_zone])
  useEffect(() => {
    document.documentElement.classList.toggle('bare', view.embed === true)
    return () => document.documentElement.classList.remove('bare')
  }, [view.embed])
  return (
    <>
      <div className="heading">
        <h1>{board.name}</h1>
        <div className="marks">{board.series.some((one) => one.simulated) && <Simulated />}</div>
      </div>
      <p className="sentence">{words.by(board.owner)}.</p>
      <Board cards={board.cards} series={board.series} source={source} view={view} />
      <p className="quiet">{messages.zone(formats.zone)}.</p>
    </>
  )
}
