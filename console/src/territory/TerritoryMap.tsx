import { useNavigate } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { useNow } from '@/design/now'
import { useWidth } from '@/design/width'
import { useFormats, useMessages } from '@/language'
import { FRESHNESS, freshnessOf } from '@/observations/freshness'
import type { Held } from '@/territory/holdings'
import { labelsOf, projectedOn, ringsOf, type Place } from '@/territory/projection'
import { sizesFor } from '@/territory/sizes'

const WIDTH = 760
/** of a label, in pixels of the screen */
const LETTERS = 14

type Props = { communes: Held[]; outline: unknown; chosen: string | null }

/** The communes as points, larger with more devices, filled by freshness. For the eye and the mouse: the list says the same. */
export function TerritoryMap({ communes, outline, chosen }: Props) {
  const messages = useMessages()
  const formats = useFormats()
  const navigate = useNavigate()
  const now = useNow()
  const [pointed, setPointed] = useState<string | null>(null)
  const picture = useRef<HTMLDivElement>(null)
  const enlarged = WIDTH / useWidth(picture, WIDTH)
  const { points, path, height, sizes } = useMemo(() => drawn(communes, outline), [communes, outline])
  const labels = useMemo(() => labelsOf(points, WIDTH, LETTERS * enlarged), [points, enlarged])
  const shown = points.find((point) => point.key === (pointed ?? chosen))

  return (
    <figure className="map">
      <div className="picture" ref={picture}>
        <svg
          viewBox={`0 0 ${WIDTH} ${height}`}
          role="img"
          aria-label={messages.home.mapLabel(formats.integer(communes.length))}
        >
          {path !== '' && <path className="outline" d={path} />}
          {points.map((point) => (
            <circle
              key={point.key}
              className={`place ${freshnessOf(point.latest, now)}`}
              cx={point.x}
              cy={point.y}
              r={point.radius}
              onMouseEnter={() => setPointed(point.key)}
              onMouseLeave={() => setPointed(null)}
              onClick={() => void navigate({ to: '/collectivities/$key', params: { key: point.key } })}
            />
          ))}
          {labels.map((label) => (
            <text
              key={label.of.key}
              x={label.x}
              y={label.y}
              textAnchor={label.anchor}
              fontSize={LETTERS * enlarged}
            >
              {label.text}
            </text>
          ))}
          {shown && <circle className="ring" cx={shown.x} cy={shown.y} r={shown.radius + 5} />}
        </svg>
        {shown && (
          <p className="pointed" aria-hidden="true">
            <strong>{shown.name}</strong>
            <span>
              {messages.home.devices(shown.devices, formats.integer(shown.devices))}
              {' · '}
              {shown.latest ? formats.ago(shown.latest, now) : messages.freshness.never}
            </span>
          </p>
        )}
      </div>
      <figcaption>
        <dl className="legend">
          <div>
            <dt>{messages.home.colour}</dt>
            {FRESHNESS.map((freshness) => (
              <dd key={freshness}>
                <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
                  <circle className={`place ${freshness}`} cx="8" cy="8" r="6" />
                </svg>
                {messages.freshness[freshness]}
              </dd>
            ))}
          </div>
          <div>
            <dt>{messages.home.size}</dt>
            {sizes.samples.map((devices) => (
              <dd key={devices}>
                <svg viewBox="-12 -12 24 24" width="24" height="24" aria-hidden="true">
                  <circle className="place sample" r={sizes.radiusOf(devices)} />
                </svg>
                {formats.integer(devices)}
              </dd>
            ))}
          </div>
        </dl>
        <p className="quiet">{messages.home.mapExplained}</p>
      </figcaption>
    </figure>
  )
}

function drawn(communes: Held[], outline: unknown) {
  const rings = ringsOf(outline)
  const placed = communes.flatMap((commune) => {
    const { longitude, latitude } = commune
    return longitude == null || latitude == null ? [] : [{ ...commune, longitude, latitude }]
  })
  const corners: Place[] = rings.flat().map(([longitude, latitude]) => ({ longitude, latitude }))
  const { project, height } = projectedOn([...placed, ...corners], WIDTH)
  const sizes = sizesFor(Math.max(0, ...placed.map((commune) => commune.devices)))
  const points = placed
    .map((commune) => ({ ...commune, ...project(commune), radius: sizes.radiusOf(commune.devices) }))
    .sort((one, other) => other.devices - one.devices)
  const path = rings
    .map((ring) => {
      const places = ring.map(([longitude, latitude]) => project({ longitude, latitude }))
      return `M${places.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`
    })
    .join('')
  return { points, path, height, sizes }
}
