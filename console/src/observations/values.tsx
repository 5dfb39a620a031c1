import type { Series } from '@/api/schema'
import { Term } from '@/design/Term'
import { useFormats, useMessages, type Formats, type Messages } from '@/language'
import type { Observation } from '@/observations/columns'
import { isDoubtful, qualityWords } from '@/observations/quality'

type Described = Pick<Series, 'value_kind' | 'unit'>

/** An observation's value in words: with its unit, yes or no, a text, or coordinates. */
export function valueInWords(
  observation: Observation,
  series: Described,
  formats: Formats,
  messages: Messages,
): string {
  const { value, text, place } = observation
  if (place !== null) return `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`
  if (text !== null) return text
  if (value === null) return messages.none
  if (series.value_kind === 'boolean') return value === 0 ? messages.series.no : messages.series.yes
  return formats.quantity(value, series.unit)
}

export function Value({ observation, series }: { observation: Observation | undefined; series: Described }) {
  const formats = useFormats()
  const messages = useMessages()
  return (
    <span className="value">
      {observation ? valueInWords(observation, series, formats, messages) : messages.none}
    </span>
  )
}

export function Quality({ of: quality }: { of: number }) {
  const { quality: words } = useMessages()
  const flags = qualityWords(quality)
  if (flags.length === 0) return <span className="quiet">{words.good}</span>
  return (
    <span className={isDoubtful(quality) ? 'quality doubtful' : 'quality'}>
      {flags.map((flag) => (
        <Term key={flag} explained={words[flag].explained}>
          {words[flag].short}
        </Term>
      ))}
    </span>
  )
}
