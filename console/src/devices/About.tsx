import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { assetQuery, siteQuery } from '@/api/devices'
import { collectivityQuery, modelsQuery, servicesQuery, sessionQuery } from '@/api/queries'
import type { Device } from '@/api/schema'
import { useSpeech } from '@/language'

/** What is written of a device in the registry. */
export function About({ device }: { device: Device }) {
  const { messages, language } = useSpeech()
  const words = messages.things.about
  const owner = useQuery(collectivityQuery(device.owner))
  const models = useQuery(modelsQuery)
  const services = useQuery(servicesQuery)
  const asset = useQuery({ ...assetQuery(device.asset ?? 0), enabled: device.asset != null, retry: false })
  // Sites are not shared: whoever has no role there would only be refused.
  const mine = useQuery(sessionQuery).data?.rights[device.owner] !== undefined
  const site = useQuery({
    ...siteQuery(device.site ?? 0),
    enabled: device.site != null && mine,
    retry: false,
  })
  const model = models.data?.find((one) => one.code === device.model)
  const service = services.data?.items.find((one) => one.code === device.service)
  const { longitude, latitude } = device
  const facts: [string, ReactNode][] = [
    [
      words.code,
      <span key="code" className="identifier">
        {device.code}
      </span>,
    ],
    [words.kind, messages.things.kinds[device.kind]],
    [words.owner, owner.data?.name ?? device.owner],
    [words.service, service ? service[`name_${language}`] : device.service],
    [
      words.model,
      device.model == null ? (
        messages.none
      ) : (
        <Link key="model" to="/device-models/$code" params={{ code: device.model }}>
          {model ? `${model.maker} ${model.name}` : device.model}
        </Link>
      ),
    ],
    [
      words.asset,
      asset.data ? (
        <Link key="asset" to="/assets/$id" params={{ id: asset.data.id }}>
          {asset.data.name}
        </Link>
      ) : (
        messages.none
      ),
    ],
    [words.site, site.data?.name ?? messages.none],
    [
      words.place,
      longitude == null || latitude == null
        ? messages.none
        : `${latitude.toFixed(5)}, ${longitude.toFixed(5)}`,
    ],
    ...Object.entries(device.properties ?? {}).map(([name, value]): [string, ReactNode] => [
      name,
      String(value ?? ''),
    ]),
  ]
  return (
    <section className="part" aria-labelledby="about">
      <h2 id="about">{words.title}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
