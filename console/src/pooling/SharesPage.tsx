import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { askShares, sharesQuery, statementsQuery, type Basis } from '@/api/pooling'
import type { SharesFound, StatementPage } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { BasisChoice } from '@/pooling/BasisChoice'
import { Changes } from '@/pooling/Changes'
import { Example } from '@/pooling/Example'
import { KeySaid } from '@/pooling/KeySaid'
import { useNames, useRights } from '@/pooling/names'
import { Print } from '@/pooling/Print'
import { Running } from '@/pooling/Running'
import { ShareTable } from '@/pooling/ShareTable'
import '@/pooling/pooling.css'

const route = getRouteApi('/inside/pooling/services/$service/$year')

/** Who pays for a service and a year: the voted key beside other methods, and who would do better alone. */
export function SharesPage() {
  const { service, year } = route.useParams()
  const { basis = 'forecast' } = route.useSearch()
  const { messages } = useSpeech()
  const words = messages.pooling
  const names = useNames()
  const told = useQuery(statementsQuery(service, year, basis))
  const title = words.shares.title(told.data?.name ?? names.service(service), String(year))
  useTitle(title)
  return (
    <div className="pooling">
      <Trail places={[{ name: words.title, to: '/pooling' }]} here={title} />
      <h1>{title}</h1>
      <Answer query={told} lines={8} page>
        {(page) => <Shares page={page} service={service} year={year} basis={basis} />}
      </Answer>
    </div>
  )
}

type Props = { page: StatementPage; service: string; year: number; basis: Basis }

function Shares({ page, service, year, basis }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling
  const rights = useRights()
  const navigate = route.useNavigate()
  const shares = useQuery(sharesQuery(service, year, basis))
  const subject = `${service} ${year} ${basis}`
  const members = words.members(page.members, formats.integer(page.members))
  return (
    <>
      <p className="sentence">
        {words.shares.total(formats.euros(Number(page.total)), members)}. {page.example && <Example />}
      </p>
      <KeySaid page={page} />
      <div className="fields end">
        <BasisChoice basis={basis} onChosen={(chosen) => void navigate({ search: { basis: chosen } })} />
        <Link
          className="button"
          to="/pooling/services/$service/$year/statements"
          params={{ service, year }}
          search={{ basis }}
        >
          {words.toStatements}
        </Link>
        {rights.reads && (
          <Link
            className="button screen"
            to="/pooling/services/$service/$year/model"
            params={{ service, year }}
          >
            {messages.entering.toModel}
          </Link>
        )}
        <Print />
        <Running
          subject={subject}
          label={shares.data?.found ? words.shares.recompute : words.shares.compute}
          mayAsk={rights.edits}
          ask={() => askShares(service, year, basis)}
          renews={SHARES}
        />
      </div>
      <Answer query={shares} lines={8}>
        {({ found }) =>
          found ? (
            <>
              {rights.reads && <Stability found={found} />}
              <ShareTable found={found} members={page.members} />
              {rights.reads && <Changes found={found} service={service} year={year} basis={basis} />}
            </>
          ) : (
            <p className="empty">{words.shares.nobodyElse}</p>
          )
        }
      </Answer>
    </>
  )
}

const SHARES = ['pooling', 'shares'] as const

/** Whether the voted key holds, in words, and who would leave. */
function Stability({ found }: { found: SharesFound }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.shares
  const names = useNames()
  const [voted] = found.sharings
  const nearest = found.sharings.find((one) => one.method === 'nearest')
  if (!voted) return null
  const group = voted.blocking
  const saved = formats.euros(Number(voted.excess))
  const paid = group.reduce((sum, one) => sum + Number(voted.amounts[one]), 0)
  return (
    <section className="part verdict">
      <h2>{words.who}</h2>
      <p className="large">
        {voted.stable
          ? words.stable
          : group.length === 1
            ? words.unstableOne(names.member(group[0] ?? ''), saved)
            : words.unstable(words.group(group.length, formats.integer(group.length)), saved)}
      </p>
      {!voted.stable && (
        <>
          <p>{words.whoExplained(formats.euros(paid), formats.euros(paid - Number(voted.excess)))}</p>
          <p className="group">{group.map(names.member).join(', ')}.</p>
        </>
      )}
      {nearest && Number(nearest.subsidy) > 0 && (
        <p>{words.lacking(formats.euros(Number(nearest.subsidy)))}</p>
      )}
    </section>
  )
}
