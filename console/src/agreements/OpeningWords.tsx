import type { Opening } from '@/api/schema'
import { useSpeech } from '@/language'
import { usePropertyName } from '@/observations/properties'

const NAMED = 6

/** How much is opened, by noun and by what is observed. */
export function OpeningWords({ opening, begin }: { opening: Opening; begin: string }) {
  const { messages, formats } = useSpeech()
  const words = messages.agreements
  const propertyName = usePropertyName()
  const counted = (['assets', 'devices', 'series'] as const).map((noun) =>
    words.counts[noun](opening[noun], formats.integer(opening[noun])),
  )
  const [named, others] = [
    opening.observed_properties.slice(0, NAMED),
    opening.observed_properties.slice(NAMED),
  ]
  const observed = named.map(
    (one) => `${propertyName(one.observed_property)} (${formats.integer(one.series)})`,
  )
  const rest = others.reduce((sum, one) => sum + one.series, 0)
  if (rest > 0) observed.push(words.otherProperties(formats.integer(rest)))
  return (
    <>
      {begin} <strong>{formats.list(counted)}</strong>
      {observed.length > 0 && <span className="quiet"> {words.observing(formats.list(observed))}</span>}.
    </>
  )
}
