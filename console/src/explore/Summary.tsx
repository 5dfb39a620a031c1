import { useQuery } from '@tanstack/react-query'
import { bodyOf, client } from '@/api/client'
import type { Series } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useSpeech } from '@/language'
import { COLUMNS, type Buckets, type Span } from '@/observations/columns'
import { daysLater } from '@/charts/resolution'
import { daysEarlier, type Compared } from '@/explore/explored'

type Figures = {
  mean: number | null
  min: number | null
  max: number | null
  delta: number | null
  count: number
}
type Props = { series: Series[]; span: Span; compare: Compared | null }

/** What each series comes to over the whole span, and beside it what it came to earlier. */
export function Summary({ series, span, compare }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.explore.summary
  const { columns } = words
  const ids = series.map((one) => one.id)
  const days = compare ? daysEarlier(compare, span) : 0
  const before = {
    start: daysLater(span.start, -days, formats.zone),
    end: daysLater(span.end, -days, formats.zone),
  }
  const figures = useQuery({
    queryKey: ['summary', ids, span.start, span.end],
    queryFn: ({ signal }) => wholeOf(series, span, signal),
  })
  const past = useQuery({
    queryKey: ['summary', ids, before.start, before.end],
    queryFn: ({ signal }) => wholeOf(series, before, signal),
    enabled: compare !== null,
  })
  return (
    <section aria-labelledby="summary">
      <h2 id="summary">{words.title}</h2>
      <Answer query={figures} lines={2}>
        {(known) => (
          <div className="wide" tabIndex={0} role="group" aria-labelledby="summary">
            <table className="listing">
              <thead>
                <tr>
                  <th scope="col">{columns.series}</th>
                  {[columns.mean, columns.min, columns.max, columns.total, columns.count].map((name) => (
                    <th key={name} scope="col" className="number">
                      {name}
                    </th>
                  ))}
                  {compare && (
                    <>
                      <th scope="col" className="number">
                        {columns.before}
                      </th>
                      <th scope="col" className="number">
                        {columns.change}
                      </th>
                    </>
                  )}
                </tr>
              </thead>
              <tbody>
                {series.map((one) => {
                  const [now, then] = [known.get(one.id), past.data?.get(one.id)]
                  const counter = one.value_kind === 'counter'
                  const say = (value: number | null | undefined) =>
                    value == null ? messages.none : formats.quantity(value, one.unit)
                  const [main, mainThen] = counter ? [now?.delta, then?.delta] : [now?.mean, then?.mean]
                  return (
                    <tr key={one.id}>
                      <th scope="row">{one.name}</th>
                      <td className="number">{counter ? messages.none : say(now?.mean)}</td>
                      <td className="number">{counter ? messages.none : say(now?.min)}</td>
                      <td className="number">{counter ? messages.none : say(now?.max)}</td>
                      <td className="number">{counter ? say(now?.delta) : messages.none}</td>
                      <td className="number">{formats.integer(now?.count ?? 0)}</td>
                      {compare && (
                        <>
                          <td className="number">{say(mainThen)}</td>
                          <td className="number">{changeOf(main, mainThen, one.unit)}</td>
                        </>
                      )}
                    </tr>
                  )
                })}
              </tbody>
            </table>
          </div>
        )}
      </Answer>
    </section>
  )

  function changeOf(now: number | null | undefined, then: number | null | undefined, unit: string): string {
    if (now == null || then == null) return messages.none
    const sign = now > then ? '+' : ''
    return `${sign}${formats.quantity(now - then, unit)}`
  }
}

async function wholeOf(
  series: Series[],
  { start, end }: Span,
  signal: AbortSignal,
): Promise<Map<number, Figures>> {
  const counters = series.filter((one) => one.value_kind === 'counter')
  const others = series.filter((one) => one.value_kind !== 'counter')
  const asked = async (some: Series[], functions: (keyof Figures)[]) => {
    if (some.length === 0) return []
    const answered = client.GET('/api/v1/observations/aggregate', {
      params: {
        query: {
          series: some.map((one) => one.id),
          start: start.toISOString(),
          end: end.toISOString(),
          every: 'all',
          functions,
        },
      },
      headers: { Accept: COLUMNS },
      signal,
    })
    const found = (await bodyOf<unknown>(answered)) as Buckets<keyof Figures>
    const figure = (name: keyof Figures, row: number) =>
      functions.includes(name) ? (found[name][row] ?? null) : null
    return found.series.map((id, row): [number, Figures] => [
      id,
      {
        mean: figure('mean', row),
        min: figure('min', row),
        max: figure('max', row),
        delta: figure('delta', row),
        count: figure('count', row) ?? 0,
      },
    ])
  }
  const parts = await Promise.all([
    asked(counters, ['delta', 'count']),
    asked(others, ['mean', 'min', 'max', 'count']),
  ])
  return new Map(parts.flat())
}
