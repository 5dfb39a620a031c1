import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { deviceFile, deviceStatesQuery, stateCountsQuery, XLSX } from '@/api/devices'
import { sessionQuery } from '@/api/queries'
import type { StateCounts } from '@/api/schema'
import { Loading } from '@/design/Loading'
import { save } from '@/design/save'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { DeviceTable } from '@/devices/DeviceTable'
import { USUAL, type Listed } from '@/devices/filters'
import { FilterBar } from '@/devices/FilterBar'
import { ImportDevices } from '@/devices/ImportDevices'
import { Bulk } from '@/things/Bulk'

const route = getRouteApi('/inside/devices')

/** All the devices one sees: which do not speak, and what can be done with many at once. */
export function DevicesPage() {
  const { messages } = useSpeech()
  const words = messages.things.list
  const { columns = [...USUAL], ...filters } = route.useSearch()
  const navigate = route.useNavigate()
  const session = useQuery(sessionQuery)
  const counts = useQuery(stateCountsQuery(filters))
  const found = useInfiniteQuery(deviceStatesQuery(filters))
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const states = found.data?.pages.flatMap(({ items }) => items) ?? []
  const edits = Object.values(session.data?.rights ?? {}).some((right) => right !== 'read')
  const show = (listed: Listed) => {
    setChosen(new Set())
    void navigate({ search: listed, replace: true, resetScroll: false })
  }
  useTitle(words.title)
  return (
    <>
      <Trail here={words.title} />
      <h1>{words.title}</h1>
      {counts.data ? <Sentence counts={counts.data} /> : <p className="sentence">&nbsp;</p>}
      <FilterBar filters={filters} columns={columns} onShown={show} />
      {found.isError && <Trouble error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Loading lines={8} />}
      {found.data && states.length === 0 && (
        <div className="empty">
          <p>{words.empty}</p>
          <p className="quiet">{words.emptyDetail}</p>
        </div>
      )}
      {edits && chosen.size > 0 && (
        <Bulk
          subject="device"
          things={states.filter(({ device }) => chosen.has(device.id)).map(({ device }) => device)}
          onDone={() => setChosen(new Set())}
        />
      )}
      {states.length > 0 && (
        <DeviceTable states={states} columns={columns} chosen={chosen} onChosen={edits ? setChosen : null} />
      )}
      <div className="ways">
        {found.hasNextPage && (
          <button
            type="button"
            className="button"
            disabled={found.isFetchingNextPage}
            onClick={() => void found.fetchNextPage()}
          >
            {words.more}
          </button>
        )}
        <Downloads filters={filters} />
        <Link to="/assets">{messages.things.assets.title}</Link>
        {edits && <Link to="/connections">{words.adopt}</Link>}
      </div>
      {edits && <ImportDevices />}
    </>
  )
}

function Sentence({ counts }: { counts: StateCounts }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.list
  const troubles = [
    counts.silent > 0 && words.silent(counts.silent, formats.integer(counts.silent)),
    counts.never > 0 && words.never(counts.never, formats.integer(counts.never)),
    counts.low_battery > 0 && words.low(counts.low_battery, formats.integer(counts.low_battery)),
  ].filter((one) => one !== false)
  const whole = words.sentence(counts.devices, formats.integer(counts.devices))
  if (counts.devices === 0) return <p className="sentence">{whole}.</p>
  return (
    <p className="sentence">{[whole, ...(troubles.length > 0 ? troubles : [words.allSpeak])].join(', ')}.</p>
  )
}

function Downloads({ filters }: { filters: Listed }) {
  const { things } = useSpeech().messages
  const file = useMutation({
    mutationFn: async ({ media, name }: { media: string; name: string }) =>
      save(await deviceFile(filters, media), name),
  })
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={file.isPending}
        onClick={() => file.mutate({ media: 'text/csv', name: 'appareils.csv' })}
      >
        {things.list.csv}
      </button>
      <button
        type="button"
        className="button"
        disabled={file.isPending}
        onClick={() => file.mutate({ media: XLSX, name: 'appareils.xlsx' })}
      >
        {things.list.xlsx}
      </button>
      {file.isError && <Trouble error={file.error} />}
    </>
  )
}
