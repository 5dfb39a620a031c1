import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { trailFile, trailQuery, verificationQuery } from '@/api/access'
import { sessionQuery } from '@/api/queries'
import { Loading } from '@/design/Loading'
import { save } from '@/design/save'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { trailOf, type Asked } from '@/audit/asked'
import { Filters } from '@/audit/Filters'
import { LineTable } from '@/audit/LineTable'

const route = getRouteApi('/inside/audit')

/** Who did what, when; what was seen too, when it is asked for. */
export function AuditPage() {
  const { messages, formats } = useSpeech()
  const words = messages.audit
  const asked = route.useSearch()
  const navigate = route.useNavigate()
  const trail = trailOf(asked, formats.zone)
  const found = useInfiniteQuery(trailQuery(trail))
  const lines = found.data?.pages.flatMap(({ items }) => items) ?? []
  const file = useMutation({ mutationFn: async () => save(await trailFile(trail), words.fileName) })
  const show = (wanted: Asked) => void navigate({ search: wanted, replace: true, resetScroll: false })
  useTitle(words.title)
  return (
    <>
      <Trail here={words.title} />
      <h1>{words.title}</h1>
      <p className="sentence">{words.sentence}</p>
      <Filters asked={asked} onAsked={show} shown={found.data && lines.length} more={found.hasNextPage} />
      {found.isError && <Trouble error={found.error} retry={() => void found.refetch()} />}
      {found.isPending && <Loading lines={8} />}
      {found.data && lines.length === 0 && <p className="empty">{words.empty}</p>}
      {lines.length > 0 && <LineTable lines={lines} />}
      <p className="quiet zone">{messages.zone(formats.zone)}</p>
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
        <button type="button" className="button" disabled={file.isPending} onClick={() => file.mutate()}>
          {file.isPending ? words.preparing : words.csv}
        </button>
      </div>
      {file.isError && <Trouble error={file.error} />}
      <Verification />
    </>
  )
}

/** Whether the trail holds, for those who may have it walked. */
function Verification() {
  const { messages, formats } = useSpeech()
  const words = messages.audit.verification
  const session = useQuery(sessionQuery)
  const checked = useQuery(verificationQuery)
  if (!Object.values(session.data?.rights ?? {}).includes('administer')) return null
  return (
    <section className="part" aria-labelledby="verification">
      <h2 id="verification">{words.title}</h2>
      <p className="quiet">{words.explained}</p>
      {checked.isError && <Trouble error={checked.error} />}
      <div role="status">
        {checked.data && (
          <p className="result">
            {checked.data.whole
              ? words.whole(formats.integer(checked.data.rows))
              : words.broken(
                  checked.data.broken.length,
                  formats.list(checked.data.broken.map(({ seq, why }) => `${seq} (${why})`)),
                )}
          </p>
        )}
        {checked.data && (
          <p className="quiet">
            {words.head} <span className="identifier">{checked.data.head}</span>
          </p>
        )}
      </div>
      <button
        type="button"
        className="button"
        disabled={checked.isFetching}
        onClick={() => void checked.refetch()}
      >
        {words.check}
      </button>
    </section>
  )
}
