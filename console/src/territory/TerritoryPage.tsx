import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { collectivitiesQuery, mapOverviewQuery, structureQuery, territoryQuery } from '@/api/queries'
import type { Collectivity, Territory } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { Simulated } from '@/design/Simulated'
import { useTitle } from '@/design/title'
import { useFormats, useMessages } from '@/language'
import { CollectivityList } from '@/territory/CollectivityList'
import { summaryOf, type Summary } from '@/territory/holdings'
import { MapSection } from '@/territory/MapSection'
import { quiet } from '@/territory/shadings'
import { useShading } from '@/territory/shading'

export function TerritoryPage() {
  const messages = useMessages()
  const structure = useQuery(structureQuery)
  const collectivities = useQuery(collectivitiesQuery)
  const territory = useQuery(territoryQuery)
  useTitle(messages.territory, structure.data?.name)

  return (
    <>
      <h1 className="over">{structure.data?.name ?? messages.territory}</h1>
      <Answer query={collectivities} lines={10}>
        {(all) => (
          <Answer query={territory} lines={10}>
            {(known) => <Overview collectivities={all} territory={known} />}
          </Answer>
        )}
      </Answer>
    </>
  )
}

function Overview({ collectivities, territory }: { collectivities: Collectivity[]; territory: Territory }) {
  const [pointed, setPointed] = useState<string | null>(null)
  const summary = useMemo(() => summaryOf(collectivities, territory), [collectivities, territory])
  const shading = useShading(summary.held)

  return (
    <>
      <Sentence summary={summary} />
      <div className="territory">
        <MapSection held={summary.held} shading={shading} pointed={pointed} />
        <CollectivityList held={summary.held} shading={shading} onPoint={setPointed} />
      </div>
    </>
  )
}

function Sentence({ summary }: { summary: Summary }) {
  const messages = useMessages()
  const formats = useFormats()
  const overview = useQuery(mapOverviewQuery)
  const silent = overview.data ? quiet(overview.data) : null
  const { devices, latest } = summary
  return (
    <p className="sentence">
      {messages.home.sentence(summary.communes, devices, {
        communes: formats.integer(summary.communes),
        devices: formats.integer(devices),
      })}
      {', '}
      {latest ? (
        <>
          {messages.home.latest} <Ago when={latest} />
        </>
      ) : (
        messages.home.nothing
      )}
      {silent !== null &&
        latest &&
        messages.semicolon +
          (silent > 0 ? messages.map.silentCount(silent, formats.integer(silent)) : messages.map.allSpeak)}
      {'. '}
      {summary.simulated && <Simulated />}
    </p>
  )
}
