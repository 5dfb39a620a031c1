import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { assetCountQuery, assetKindsQuery, assetsQuery, type AssetFilters } from '@/api/devices'
import { servicesQuery, sessionQuery } from '@/api/queries'
import type { Asset } from '@/api/schema'
import { AssetFilterBar } from '@/assets/AssetFilterBar'
import { Loading } from '@/design/Loading'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { Bulk } from '@/things/Bulk'
import { useOwnerName } from '@/things/names'
import { ThingTable, type ThingColumn } from '@/things/ThingTable'

const route = getRouteApi('/inside/assets')
/** How many may be changed together. */
const AT_ONCE = 500

/** All the equipment one sees, and what can be done with many at once. */
export function AssetsPage() {
  const { messages, formats } = useSpeech()
  const { list, assets: words } = messages.things
  const filters = route.useSearch()
  const navigate = route.useNavigate()
  const session = useQuery(sessionQuery)
  const found = useInfiniteQuery(assetsQuery(filters))
  const columns = useColumns()
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  const assets = found.data?.pages.flatMap(({ items }) => items) ?? []
  const edits = Object.values(session.data?.rights ?? {}).some((right) => right !== 'read')
  const chooseEvery = async () => {
    let held = found.data
    for (let more = found.hasNextPage; more;) {
      const next = await found.fetchNextPage()
      if (next.isError) return
      held = next.data
      more = next.hasNextPage
    }
    setChosen(new Set(held?.pages.flatMap(({ items }) => items.map(({ id }) => id))))
  }
  const show = (asked: AssetFilters) => {
    setChosen(new Set())
    void navigate({ search: asked, replace: true, resetScroll: false })
  }
  const all = useQuery(assetCountQuery(filters)).data
  useTitle(words.title)
  return (
    <>
      <Trail here={words.title} />
      <h1>{words.title}</h1>
      <p className="sentence">
        {all === undefined ? '\u00a0' : `${words.sentence(all, formats.integer(all))}.`}
      </p>
      <AssetFilterBar filters={filters} onShown={show} />
      {found.isError && <Trouble error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Loading lines={8} />}
      {found.data && assets.length === 0 && (
        <div className="empty">
          <p>{words.empty}</p>
          <p className="quiet">{words.emptyDetail}</p>
        </div>
      )}
      {edits && chosen.size > 0 && (
        <Bulk
          subject="asset"
          things={assets.filter(({ id }) => chosen.has(id))}
          onDone={() => setChosen(new Set())}
        />
      )}
      {assets.length > 0 && (
        <ThingTable
          subject="asset"
          rows={assets}
          thingOf={(asset) => asset}
          {...{ columns, chosen }}
          onChosen={edits ? setChosen : null}
        />
      )}
      {found.hasNextPage && (
        <div className="ways">
          <button
            type="button"
            className="button"
            disabled={found.isFetchingNextPage}
            onClick={() => void found.fetchNextPage()}
          >
            {list.more}
          </button>
          {edits && all !== undefined && all <= AT_ONCE && (
            <button
              type="button"
              className="button"
              disabled={found.isFetchingNextPage}
              onClick={() => void chooseEvery()}
            >
              {words.chooseEvery(formats.integer(all))}
            </button>
          )}
        </div>
      )}
    </>
  )
}

function useColumns(): ThingColumn<Asset>[] {
  const { messages, language } = useSpeech()
  const words = messages.things.list
  const services = useQuery(servicesQuery)
  const kinds = useQuery(assetKindsQuery)
  const ownerName = useOwnerName()
  const named = (all: { code: string; name_fr: string; name_en: string }[] | undefined, code: string) =>
    all?.find((one) => one.code === code)?.[`name_${language}`] ?? code
  return [
    {
      key: 'code',
      title: words.columns.code,
      cell: ({ code }) => <span className="identifier">{code}</span>,
    },
    { key: 'kind', title: words.kind, cell: ({ kind }) => named(kinds.data?.items, kind) },
    { key: 'owner', title: words.columns.owner, cell: ({ owner }) => ownerName(owner) },
    {
      key: 'service',
      title: words.columns.service,
      cell: ({ service }) => named(services.data?.items, service),
    },
  ]
}
