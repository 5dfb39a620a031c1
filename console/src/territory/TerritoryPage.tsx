import { useQuery } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { collectivitiesQuery, structureQuery, territoryQuery } from '@/api/queries'
import type { Collectivity, Territory } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { Simulated } from '@/design/Simulated'
import { useTitle } from '@/design/title'
import { useFormats, useMessages } from '@/language'
import { CollectivityList } from '@/territory/CollectivityList'
import { summaryOf } from '@/territory/holdings'
import { TerritoryMap } from '@/territory/TerritoryMap'

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
  const messages = useMessages()
  const formats = useFormats()
  const [pointed, setPointed] = useState<string | null>(null)
  const summary = useMemo(() => summaryOf(collectivities, territory), [collectivities, territory])
  const communes = useMemo(() => summary.held.filter((one) => one.kind === 'commune'), [summary])
  const { devices, latest } = summary

  return (
    <>
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
        {'. '}
        {summary.simulated && <Simulated />}
      </p>
      <div className="territory">
        {communes.some((commune) => commune.longitude != null) && (
          <section aria-labelledby="map">
            <h2 id="map">{messages.home.map}</h2>
            <TerritoryMap communes={communes} outline={territory.outline} chosen={pointed} />
          </section>
        )}
        <CollectivityList held={summary.held} onPoint={setPointed} />
      </div>
    </>
  )
}
