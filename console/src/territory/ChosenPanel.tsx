import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, type ReactNode } from 'react'
import { assetKindsQuery, assetQuery } from '@/api/devices'
import { mapOverviewQuery, seriesOfAssetQuery } from '@/api/queries'
import type { Series } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { useMessages, useSpeech } from '@/language'
import { useLatest } from '@/observations/latest'
import { Value } from '@/observations/values'
import type { Chosen } from '@/territory/GroundMap'
import type { Held } from '@/territory/holdings'
import type { Shading } from '@/territory/shading'

type Props = { chosen: Chosen; held: Held[]; shading: Shading; onClose: () => void }

/** What was chosen on the map: its figures, and the way to its page. */
export function ChosenPanel({ chosen, held, shading, onClose }: Props) {
  if (chosen.kind === 'asset') return <OfAsset key={chosen.id} id={chosen.id} held={held} onClose={onClose} />
  const found = held.find((one) => one.key === chosen.key)
  return found ? <OfCollectivity key={chosen.key} {...{ found, shading, onClose }} /> : null
}

function Panel({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  const { map: words } = useMessages()
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.focus({ preventScroll: true }), [])
  return (
    <aside
      className="place-panel"
      aria-label={title}
      ref={panel}
      tabIndex={-1}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <div className="heading">
        <h3>{title}</h3>
        <button type="button" className="tool" aria-label={words.close} title={words.close} onClick={onClose}>
          <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" className="icon">
            <path d="M6 6l12 12M18 6L6 18" />
          </svg>
        </button>
      </div>
      {children}
    </aside>
  )
}

type OfCollectivityProps = { found: Held; shading: Shading; onClose: () => void }

function OfCollectivity({ found, shading, onClose }: OfCollectivityProps) {
  const { messages, formats } = useSpeech()
  const { facts } = messages.map
  const overview = useQuery(mapOverviewQuery)
  const silence = overview.data?.owners.find((one) => one.owner === found.key)
  const value = shading.values.get(found.key)
  return (
    <Panel title={found.name} onClose={onClose}>
      <dl>
        {shading.choice !== 'devices' && value !== undefined && (
          <Fact name={shading.label}>{formats.quantity(value, shading.unit)}</Fact>
        )}
        <Fact name={facts.devices}>{formats.integer(found.devices)}</Fact>
        {silence && <Fact name={facts.silent}>{formats.integer(silence.silent + silence.never)}</Fact>}
        <Fact name={facts.latest}>{found.latest ? <Ago when={found.latest} /> : messages.none}</Fact>
      </dl>
      <Link to="/collectivities/$key" params={{ key: found.key }}>
        {messages.map.open(found.name)}
      </Link>
    </Panel>
  )
}

function OfAsset({ id, held, onClose }: { id: number; held: Held[]; onClose: () => void }) {
  const { messages, language } = useSpeech()
  const { facts } = messages.map
  const asset = useQuery(assetQuery(id))
  const series = useQuery(seriesOfAssetQuery(id))
  const kinds = useQuery(assetKindsQuery)
  const kind = kinds.data?.items.find((one) => one.code === asset.data?.kind)
  const owner = held.find((one) => one.key === asset.data?.owner)
  return (
    <Panel title={asset.data?.name ?? messages.loading} onClose={onClose}>
      <Answer query={asset} lines={3}>
        {(found) => (
          <dl>
            <Fact name={facts.kind}>{kind?.[`name_${language}`] ?? found.kind}</Fact>
            {owner && (
              <Fact name={facts.owner}>
                <Link to="/collectivities/$key" params={{ key: owner.key }}>
                  {owner.name}
                </Link>
              </Fact>
            )}
          </dl>
        )}
      </Answer>
      {asset.data && (
        <Link to="/assets/$id" params={{ id }}>
          {messages.map.open(asset.data.name)}
        </Link>
      )}
      <Answer query={series} lines={3}>
        {(found) =>
          found.length > 0 ? <Measures series={found} /> : <p className="quiet">{messages.map.noSeries}</p>
        }
      </Answer>
    </Panel>
  )
}

function Measures({ series }: { series: Series[] }) {
  const messages = useMessages()
  const { latest } = useLatest({ series: series.map((one) => one.id) })
  return (
    <>
      <h4>{messages.map.series}</h4>
      <ul className="measures">
        {series.map((one) => {
          const newest = latest.data?.get(one.id)
          return (
            <li key={one.id}>
              <Link to="/series/$id" params={{ id: one.id }}>
                {one.name}
              </Link>
              <span>
                <Value observation={newest} series={one} />{' '}
                <span className="quiet">{newest && <Ago when={newest.time} />}</span>
              </span>
            </li>
          )
        })}
      </ul>
    </>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
