import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Device, Series } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useSpeech } from '@/language'
import { sentQuery, type Sent, type Told } from '@/devices/sent'
import { usePropertyName } from '@/observations/properties'
import { Value } from '@/observations/values'

/** The last messages of a device: the values decoded, how the radio carried each, and the message as it came. */
export function Messages({ device, series, sent }: { device: Device; series: Series[]; sent: Series }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.messages
  const found = useQuery(sentQuery(device, series, sent))
  return (
    <section className="part" aria-labelledby="messages">
      <h2 id="messages">{words.title}</h2>
      <Answer query={found} lines={5}>
        {(some) =>
          some.length === 0 ? (
            <p className="quiet">{words.none}</p>
          ) : (
            <>
              <div className="scroll" tabIndex={0} role="group" aria-labelledby="messages">
                <table className="stacked messages">
                  <thead>
                    <tr>
                      <th scope="col">{words.columns.time}</th>
                      <th scope="col">{words.columns.decoded}</th>
                      <th scope="col">{words.columns.radio}</th>
                      <th scope="col">
                        <span className="unseen">{words.columns.raw}</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {some.map((one) => (
                      <Row key={one.time.getTime()} sent={one} />
                    ))}
                  </tbody>
                </table>
              </div>
              <p className="quiet">{messages.zone(formats.zone)}</p>
            </>
          )
        }
      </Answer>
    </section>
  )
}

function Row({ sent }: { sent: Sent }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.messages
  const propertyName = usePropertyName()
  const [open, setOpen] = useState(false)
  return (
    <>
      <tr>
        <th scope="row">
          <time dateTime={sent.time.toISOString()} title={formats.exact(sent.time)}>
            {formats.momentWithSeconds(sent.time)}
          </time>
        </th>
        <td>
          {sent.values.length === 0 ? (
            <span className="quiet">{words.undecoded}</span>
          ) : (
            <ul className="values">
              {sent.values.map(({ series, observation }) => (
                <li key={series.id}>
                  <span className="quiet">{propertyName(series.observed_property)}</span>{' '}
                  <Value observation={observation} series={series} />
                </li>
              ))}
            </ul>
          )}
        </td>
        <td className="quiet">{radioOf(sent.told)}</td>
        <td className="number">
          <button type="button" className="plain" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? words.hide : words.raw}
          </button>
        </td>
      </tr>
      {open && (
        <tr className="raw">
          <td colSpan={4}>
            <pre tabIndex={0} aria-label={words.columns.raw}>
              {sent.raw}
            </pre>
          </td>
        </tr>
      )}
    </>
  )

  function radioOf({ gateways = [], port, frame_counter, spreading_factor }: Told): string {
    const strongest = Math.max(...gateways.flatMap(({ rssi }) => rssi ?? []))
    return [
      frame_counter !== undefined && words.counter(formats.integer(frame_counter)),
      gateways.length > 0 && words.gateways(gateways.length, formats.integer(gateways.length)),
      Number.isFinite(strongest) && formats.quantity(strongest, 'dBm'),
      spreading_factor !== undefined && `SF${spreading_factor}`,
      port !== undefined && words.port(String(port)),
    ]
      .filter(Boolean)
      .join(' · ')
  }
}
