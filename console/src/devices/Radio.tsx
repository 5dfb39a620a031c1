import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { healthQuery } from '@/api/devices'
import type { Device, DeviceHealth } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { Term } from '@/design/Term'
import { useSpeech } from '@/language'
import { QUALITY } from '@/observations/quality'

/** How a device is heard by its network: losses, signal, habits; and what was doubtful of its values. */
export function Radio({ device }: { device: Device }) {
  const words = useSpeech().messages.things.radio
  const health = useQuery(healthQuery(device.id))
  return (
    <section className="part" aria-labelledby="radio">
      <h2 id="radio">{words.title}</h2>
      <Answer query={health} lines={3}>
        {(found) => (found ? <Facts health={found} /> : <p className="quiet">{words.none}</p>)}
      </Answer>
    </section>
  )
}

function Facts({ health }: { health: DeviceHealth }) {
  const { messages, formats } = useSpeech()
  const { radio: words } = messages.things
  const { facts, explained } = words
  const lost = formats.integer(health.lost)
  const rows: [keyof typeof facts, ReactNode][] = [
    ['lastHeard', <Ago key="last" when={new Date(health.last_heard)} />],
    [
      'period',
      health.period == null ? words.unknownPeriod : words.approximately(formats.duration(health.period)),
    ],
    ['frames', formats.integer(health.frames)],
    ['lost', health.loss == null ? lost : words.share(lost, formats.share(health.loss))],
    ['rssi', health.rssi == null ? messages.none : formats.quantity(health.rssi, 'dBm')],
    ['snr', health.snr == null ? messages.none : formats.quantity(health.snr, 'dB')],
    ['again', formats.integer(health.again)],
    ['restarts', formats.integer(health.restarts)],
    ...(health.battery == null
      ? []
      : [['battery', formats.quantity(health.battery, '%')] as [keyof typeof facts, ReactNode]]),
    ['firstHeard', formats.date(new Date(health.first_heard))],
  ]
  const hints = new Map<string, string>(Object.entries(explained))
  return (
    <>
      <dl className="facts figures">
        {rows.map(([name, said]) => (
          <div key={name}>
            <dt>
              {hints.has(name) ? <Term explained={hints.get(name) ?? ''}>{facts[name]}</Term> : facts[name]}
            </dt>
            <dd>{said}</dd>
          </div>
        ))}
      </dl>
      <Flags flags={health.flags ?? {}} />
    </>
  )
}

/** The flags as the network's counts name them: `out_of_range` is `outOfRange`. */
const wordOf = (flag: string) =>
  QUALITY.find((one) => one.word.toLowerCase() === flag.replaceAll(/[^a-z]/gi, '').toLowerCase())?.word

function Flags({ flags }: { flags: Record<string, number> }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.radio
  const known = Object.entries(flags).flatMap(([flag, count]) => {
    const word = wordOf(flag)
    return word === undefined || word === 'simulated' || count === 0 ? [] : [{ word, count }]
  })
  return (
    <>
      <h3>{words.quality}</h3>
      {known.length === 0 ? (
        <p className="quiet">{words.qualityNone}</p>
      ) : (
        <dl className="facts">
          {known.map(({ word, count }) => (
            <div key={word}>
              <dt>
                <Term explained={messages.quality[word].explained}>{messages.quality[word].short}</Term>
              </dt>
              <dd>{words.flag(count, formats.integer(count))}</dd>
            </div>
          ))}
        </dl>
      )}
    </>
  )
}
