import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { groupsQuery, needsQuery } from '@/api/withWhom'
import { servicesQuery } from '@/api/queries'
import type { GroupsFound, KeptNeed } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Choice } from '@/design/Choice'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { AskGroups } from '@/pooling/AskGroups'
import { CriticalMass } from '@/pooling/CriticalMass'
import { Example } from '@/pooling/Example'
import { useNames, useRights } from '@/pooling/names'
import { Needs } from '@/pooling/Needs'
import { ProposedGroups } from '@/pooling/ProposedGroups'
import { WithWhomWays } from '@/pooling/WithWhomWays'
import '@/pooling/pooling.css'

const route = getRouteApi('/inside/pooling/with-whom')

/** With whom to pool a service or a purchase: what each needs, who should join, and from how many it pays. */
export function WithWhomPage() {
  const { messages } = useSpeech()
  const words = messages.withWhom
  const needs = useQuery(needsQuery)
  useTitle(words.title, messages.pooling.title)
  return (
    <div className="pooling">
      <Trail places={[{ name: messages.pooling.title, to: '/pooling' }]} here={words.title} />
      <h1>{words.title}</h1>
      <WithWhomWays />
      <Answer query={needs} lines={8} page>
        {(known) => <Chosen needs={known} />}
      </Answer>
    </div>
  )
}

/** A service, and perhaps a purchase, of which needs are told; the one with most needs at first. */
function Chosen({ needs }: { needs: KeptNeed[] }) {
  const { messages } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  const services = useQuery(servicesQuery)
  const navigate = route.useNavigate()
  const asked = route.useSearch()
  const service = asked.service ?? mostNeeded(needs)?.service ?? services.data?.items[0]?.code ?? ''
  const tender = asked.tender ?? (asked.service === undefined ? (mostNeeded(needs)?.tender ?? '') : '')
  const mine = needs.filter((one) => one.service === service && one.tender === tender)
  const tenders = [...new Set(needs.filter((one) => one.service === service).map((one) => one.tender))]
  if (service === '') return null
  return (
    <>
      <div className="fields">
        <Choice
          label={messages.pooling.service}
          any={messages.pooling.choose}
          options={(services.data?.items ?? []).map(({ code }) => ({
            value: code,
            name: told(code),
          }))}
          value={service}
          onChosen={(chosen) => void navigate({ search: { service: chosen } })}
        />
        {tenders.some((one) => one !== '') && (
          <Choice
            label={words.purpose}
            any={words.serviceItself}
            options={tenders.filter((one) => one !== '').map((one) => ({ value: one, name: one }))}
            value={tender}
            onChosen={(chosen) => void navigate({ search: { service, tender: chosen } })}
          />
        )}
      </div>
      <Subject key={`${service} ${tender}`} service={service} tender={tender} needs={mine} />
    </>
  )

  function told(code: string): string {
    const count = needs.filter((one) => one.service === code).length
    return count === 0 ? names.service(code) : words.serviceWith(names.service(code), count)
  }
}

type Props = { service: string; tender: string; needs: KeptNeed[] }

function Subject({ service, tender, needs }: Props) {
  const { messages } = useSpeech()
  const words = messages.withWhom
  const rights = useRights()
  const found = useQuery({ ...groupsQuery(service, tender), enabled: needs.length > 0 })
  return (
    <>
      {found.data ? <Sentence found={found.data} /> : <p className="sentence">{words.noNeed}</p>}
      {found.data?.proposal && !found.data.fresh && <p className="note">{words.stale}</p>}
      {rights.edits && needs.length > 0 && found.data && (
        <AskGroups service={service} tender={tender} again={found.data.proposal != null} />
      )}
      {found.data?.proposal && (
        <>
          <ProposedGroups proposal={found.data.proposal} />
          <CriticalMass proposal={found.data.proposal} />
        </>
      )}
      <Needs service={service} tender={tender} needs={needs} />
    </>
  )
}

function Sentence({ found }: { found: GroupsFound }) {
  const { messages, formats } = useSpeech()
  const words = messages.withWhom
  const proposal = found.proposal
  const [first] = proposal?.groups ?? []
  const said = !proposal
    ? words.notComputed(found.needs, formats.integer(found.needs))
    : first
      ? words.answer(
          formats.integer(first.names.length),
          formats.date(new Date(first.start)),
          formats.euros(Number(first.saving)),
        )
      : words.nobody
  return (
    <p className="sentence">
      {said}. {found.example && <Example explained={words.exampleExplained} />}
    </p>
  )
}

function mostNeeded(needs: KeptNeed[]): KeptNeed | undefined {
  const count = (one: KeptNeed) =>
    needs.filter((each) => each.service === one.service && each.tender === one.tender).length
  return needs.toSorted((one, other) => count(other) - count(one))[0]
}
