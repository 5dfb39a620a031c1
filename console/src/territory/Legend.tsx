import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { servicesQuery } from '@/api/queries'
import { useTheme } from '@/design/theme'
import { useFormats, useMessages, useSpeech } from '@/language'
import { PALETTES } from '@/territory/palettes'
import { scaleOf } from '@/territory/scale'
import type { Shading } from '@/territory/shading'
import { draw, SIZE, STATES, type State } from '@/territory/shapes'

/** What colours, shapes, fills and edges mean, with units. */
export function Legend({ shading, services }: { shading: Shading; services: string[] }) {
  const { messages, language } = useSpeech()
  const { map: words } = messages
  const known = useQuery(servicesQuery)
  return (
    <dl className="legend">
      <Classes shading={shading} />
      {services.length > 0 && (
        <div>
          <dt>{words.shapes}</dt>
          {services.map((code) => (
            <dd key={code}>
              <Shape service={code} state="heard" />
              {known.data?.items.find((one) => one.code === code)?.[`name_${language}`] ?? code}
            </dd>
          ))}
          {STATES.slice(1).map((state) => (
            <dd key={state}>
              <Shape service="lighting" state={state} />
              {words.states[state]}
            </dd>
          ))}
          <dd>
            <span className="cluster" aria-hidden="true" />
            {words.cluster}
          </dd>
        </div>
      )}
    </dl>
  )
}

function Classes({ shading }: { shading: Shading }) {
  const { map: words } = useMessages()
  const formats = useFormats()
  const theme = useTheme()
  const { breaks, colours } = scaleOf([...shading.values.values()], theme)
  const said = (rank: number) => {
    const [low, high] = [breaks[rank - 1], breaks[rank]].map((limit) =>
      limit === undefined ? undefined : formats.number(limit),
    )
    if (low === undefined && high === undefined) {
      const [only = 0] = shading.values.values()
      return formats.number(only)
    }
    if (low === undefined) return words.under(high ?? '')
    return high === undefined ? words.from(low) : words.between(low, high)
  }
  return (
    <div>
      <dt>{words.unit(shading.label, shading.unit)}</dt>
      {shading.values.size > 0 &&
        colours.map((colour, rank) => (
          <dd key={colour}>
            <svg viewBox="0 0 24 14" width="24" height="14" aria-hidden="true" className="class">
              <rect width="24" height="14" fill={colour} />
            </svg>
            {said(rank)}
          </dd>
        ))}
      <dd>
        <svg viewBox="0 0 24 14" width="24" height="14" aria-hidden="true" className="class">
          <rect width="24" height="14" fill={PALETTES[theme].nothing} />
        </svg>
        {words.nothing}
      </dd>
    </div>
  )
}

function Shape({ service, state }: { service: string; state: State }) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useTheme()
  useEffect(() => {
    const paint = canvas.current?.getContext('2d')
    if (!paint) return
    paint.setTransform(2, 0, 0, 2, 0, 0)
    paint.clearRect(0, 0, SIZE, SIZE)
    draw(paint, service, state, PALETTES[theme])
  }, [service, state, theme])
  return <canvas ref={canvas} width={SIZE * 2} height={SIZE * 2} className="shape" aria-hidden="true" />
}
