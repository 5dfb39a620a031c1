import type { Line } from '@/api/schema'
import { useSpeech } from '@/language'
import { useOwnerName } from '@/things/names'

const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/

/** All that a line of the trail holds: the moment, who, and each field of what changed. */
export function Detail({ line }: { line: Line }) {
  const { messages, formats } = useSpeech()
  const words = messages.audit
  const say = useValue()
  const names = new Map<string, string>(Object.entries(words.fields))
  const detail: Record<string, unknown> = line.detail ?? {}
  const { changed: fields, ...rest } = detail
  const told = flat(rest).map(([field, value]) => [field, say(value)] as const)
  const differences = Object.entries(fields ?? {}).map(
    ([field, pair]) => [field, between(pair, say, words.changedLong)] as const,
  )
  const changed = [...told, ...differences]
  const facts: [string, string][] = [
    [words.columns.when, formats.exact(new Date(line.at))],
    [words.columns.who, `${line.actor_name} (${words.actors[line.actor_kind]}, ${line.actor_key})`],
    [words.word, line.action],
    ...((line.subject ?? '') === '' ? [] : [[words.subject, line.subject ?? ''] as [string, string]]),
    [words.seq, formats.integer(line.seq)],
  ]
  return (
    <div className="unfolded-body">
      {changed.length === 0 ? (
        <p className="quiet">{words.nothingMore}</p>
      ) : (
        <dl className="facts changed">
          {changed.map(([field, value]) => (
            <div key={field}>
              <dt>{names.get(field) ?? field}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      <dl className="facts quiet">
        {facts.map(([name, said]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="identifier">{said}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

/** What a field was, and what it is; of a long one, that it changed. */
function between(pair: unknown, say: (value: unknown) => string, long: string): string {
  if (!Array.isArray(pair) || pair.length !== 2) return long
  return pair.map((value) => (value === null || value === '' ? '∅' : say(value))).join(' → ')
}

/** The fields of a detail; those of a thing inside it by their own names, and those that are empty left out. */
function flat(detail: Record<string, unknown>): [string, unknown][] {
  return Object.entries(detail).flatMap(([field, value]): [string, unknown][] => {
    if (value === null) return []
    if (typeof value === 'object' && !Array.isArray(value)) return flat(value as Record<string, unknown>)
    return [[field, value]]
  })
}

function useValue(): (value: unknown) => string {
  const { messages, formats } = useSpeech()
  const ownerName = useOwnerName()
  const known = new Map<string, string>([
    ...Object.entries(messages.roles),
    ...Object.entries(messages.rights),
    ...Object.entries(messages.account.ways),
  ])
  const say = (value: unknown): string => {
    if (typeof value === 'string')
      return INSTANT.test(value) ? formats.moment(new Date(value)) : (known.get(value) ?? ownerName(value))
    if (typeof value === 'number') return formats.number(value)
    if (typeof value === 'boolean') return value ? messages.series.yes : messages.series.no
    if (Array.isArray(value)) return formats.list(value.map(say))
    return JSON.stringify(value)
  }
  return say
}
