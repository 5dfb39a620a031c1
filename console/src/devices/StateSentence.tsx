import type { DeviceState } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { useNow } from '@/design/now'
import { useSpeech } from '@/language'

const MUCH = 0.05

/** How a device fares, in a sentence. */
export function StateSentence({ state: told }: { state: DeviceState }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.sentence
  const now = useNow()
  const { state, latest, period, battery, loss } = told
  const usual = period == null ? null : formats.duration(period)
  return (
    <p className="sentence">
      {(state === 'never' || state === 'unwatched') && `${words[state]}.`}
      {state === 'speaking' && latest != null && (
        <>
          {words.speaking}
          {usual !== null && words.every(usual)}
          {words.last} <Ago when={new Date(latest)} />.
        </>
      )}
      {state === 'silent' && latest != null && (
        <>
          <strong>{words.silent(formats.duration((now.getTime() - Date.parse(latest)) / 1000))}</strong>
          {usual !== null && words.although(usual)}.
        </>
      )}
      {told.low_battery === true && battery != null && ` ${words.battery(formats.quantity(battery, '%'))}`}
      {loss != null && loss > MUCH && ` ${words.loss(formats.share(loss))}`}
    </p>
  )
}
