import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useId, useState } from 'react'
import { agreementsQuery } from '@/api/access'
import { sessionQuery } from '@/api/queries'
import type { Agreement } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useNow } from '@/design/now'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { among, useAdministered } from '@/things/administered'
import { useOwnerName, type Owner } from '@/things/names'
import { OfWhich } from '@/things/OfWhich'
import { AgreementTable, type Side } from '@/agreements/AgreementTable'
import { Drawing } from '@/agreements/Drawing'
import { Giving } from '@/agreements/Giving'
import { newsOf, type News } from '@/agreements/news'
import { stateOf, useSubjectName } from '@/agreements/told'

const route = getRouteApi('/inside/agreements')

/** Who sees what of whose: what a collectivité gives, what it is given. */
export function AgreementsPage() {
  const words = useSpeech().messages.agreements
  const session = useQuery(sessionQuery)
  const administered = useAdministered()
  const of = among(administered, route.useSearch().of)
  useTitle(words.title, of?.name)
  const reads = Object.values(session.data?.rights ?? {}).includes('administer')
  return (
    <>
      <Trail here={words.nav} />
      <h1>{words.title}</h1>
      {!reads && (
        <div className="empty">
          <p>{words.administratorsOnly}</p>
          <p className="quiet">{words.administratorsOnlyDetail}</p>
        </div>
      )}
      {of !== undefined && <Shown key={of.key} of={of} administered={administered} />}
    </>
  )
}

function Shown({ of, administered }: { of: Owner; administered: Owner[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.agreements
  const navigate = route.useNavigate()
  const found = useQuery(agreementsQuery)
  const now = useNow()
  const [giving, setGiving] = useState(false)
  const [given, setGiven] = useState('')
  return (
    <>
      <Answer query={found} lines={6}>
        {(all) => {
          const its = all.filter((one) => one.giver === of.key || one.receiver === of.key)
          const open = its.filter((one) => ['current', 'toCome'].includes(stateOf(one, now)))
          const over = its.filter((one) => !open.includes(one))
          const outwards = open.filter((one) => one.giver === of.key)
          const inwards = open.filter((one) => one.receiver === of.key)
          const count = (keys: string[]) => new Set(keys).size
          const receivers = count(outwards.map((one) => one.receiver))
          const givers = count(inwards.map((one) => one.giver))
          return (
            <>
              <p className="sentence">
                {words.sentence(of.name, receivers, givers, {
                  receivers: formats.integer(receivers),
                  givers: formats.integer(givers),
                })}
              </p>
              <div className="ways spaced">
                <OfWhich
                  owners={administered}
                  of={of}
                  onChosen={(key) => void navigate({ search: { of: key }, replace: true })}
                />
                {!giving && (
                  <button type="button" className="button main" onClick={() => setGiving(true)}>
                    {words.give.begin}
                  </button>
                )}
              </div>
              <Heard all={its} of={of} given={given} />
              {giving && (
                <Giving
                  giver={of}
                  onGiven={(receiver) => {
                    setGiving(false)
                    setGiven(receiver)
                  }}
                  onClose={() => setGiving(false)}
                />
              )}
              <Part side="given" agreements={outwards} />
              <Part side="received" agreements={inwards} />
              {over.length > 0 && <Over of={of} agreements={over} />}
            </>
          )
        }}
      </Answer>
    </>
  )
}

function Part({ side, agreements }: { side: Side; agreements: Agreement[] }) {
  const words = useSpeech().messages.agreements
  const { title, explained, empty } = words.sides[side]
  const id = useId()
  return (
    <section className="part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p className="quiet">{explained}</p>
      {agreements.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <>
          <Drawing agreements={agreements} />
          <AgreementTable agreements={agreements} side={side} caption={title} />
        </>
      )}
    </section>
  )
}

function Over({ of, agreements }: { of: Owner; agreements: Agreement[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.agreements
  return (
    <section className="part">
      <details>
        <summary>{words.over(agreements.length, formats.integer(agreements.length))}</summary>
        {(['given', 'received'] as const).map((side) => {
          const its = agreements.filter((one) => (side === 'given' ? one.giver : one.receiver) === of.key)
          return its.length === 0 ? null : (
            <div key={side} className="over-side">
              <h3>{words.sides[side].title}</h3>
              <AgreementTable agreements={its} side={side} caption={words.sides[side].title} />
            </div>
          )
        })}
      </details>
    </section>
  )
}

/** What changed while the page is looked at, by whichever side; what is seen elsewhere changes with it. */
function Heard({ all, of, given }: { all: Agreement[]; of: Owner; given: string }) {
  const words = useSpeech().messages.agreements
  const queries = useQueryClient()
  const ownerName = useOwnerName()
  const subjectName = useSubjectName()
  const [known, setKnown] = useState(all)
  const [news, setNews] = useState<News[]>([])
  if (known !== all) {
    setKnown(all)
    const fresh = newsOf(known, all, of.key)
    if (fresh.length > 0) setNews(fresh)
  }
  useEffect(() => {
    if (news.length === 0) return
    const kept = ['agreements', 'session', 'structure']
    void queries.invalidateQueries({ predicate: ({ queryKey }) => !kept.includes(String(queryKey[0])) })
  }, [news, queries])
  return (
    <div role="status" className="result">
      {news.map(({ kind, agreement }) => (
        <p key={`${kind} ${agreement.key}`}>
          {words.news[kind](
            ownerName(agreement.giver === of.key ? agreement.receiver : agreement.giver),
            subjectName(agreement),
          )}
        </p>
      ))}
      {news.length === 0 && given !== '' && <p>{words.give.done(given)}</p>}
    </div>
  )
}
