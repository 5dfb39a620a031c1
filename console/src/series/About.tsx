import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { sessionQuery } from '@/api/queries'
import type { Collectivity, ObservedProperty, Series } from '@/api/schema'
import { useSpeech } from '@/language'

type Props = { series: Series; property: ObservedProperty | undefined; owner: Collectivity | undefined }

/** What a series is: for whoever must explain its figures. */
export function About({ series, property, owner }: Props) {
  const { messages, formats, language } = useSpeech()
  const words = messages.series
  const session = useQuery(sessionQuery)
  const right = session.data?.rights[series.owner] ?? 'read'
  const operates = right === 'operate' || right === 'administer'
  const facts: [string, string][] = [
    [words.owner, owner?.name ?? series.owner],
    [words.property, property ? property[`name_${language}`] : series.observed_property],
    [words.unit, series.unit === '' ? messages.none : series.unit],
    [words.plausible, plausible()],
    [words.code, series.code],
  ]
  return (
    <section aria-labelledby="about">
      <h2 id="about">{words.about}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {operates && series.device != null && (
        <p>
          <Link to="/devices/$id/downlinks" params={{ id: series.device }} className="button">
            {messages.downlinks.title}
          </Link>
        </p>
      )}
    </section>
  )

  function plausible(): string {
    const { low, high, unit } = series
    if (low != null && high != null) return words.between(formats.number(low), formats.quantity(high, unit))
    if (low != null) return words.least(formats.quantity(low, unit))
    return high != null ? words.most(formats.quantity(high, unit)) : messages.none
  }
}
