import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { bodyOf, client } from '@/api/client'
import {
  channelsQuery,
  heldExampleQuery,
  modelQuery,
  observedPropertiesQuery,
  sessionQuery,
} from '@/api/queries'
import type { ChannelOf, DeviceModel, ObservedProperty, TriedValue } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { Bench } from '@/models/Bench'
import { ChannelTable } from '@/models/ChannelTable'
import { draftsOf } from '@/models/suggestions'

const route = getRouteApi('/inside/device-models/$code')

/** A model of devices: what its messages become, tried on a bench, and what its values are. */
export function ModelPage() {
  const { code } = route.useParams()
  return (
    <Answer page query={useQuery(modelQuery(code))} lines={8}>
      {(model) => <Shown key={code} model={model} />}
    </Answer>
  )
}

function Shown({ model }: { model: DeviceModel }) {
  const { messages } = useSpeech()
  const words = messages.models
  const name = `${model.maker} ${model.name}`
  const channels = useQuery(channelsQuery(model.code))
  const properties = useQuery(observedPropertiesQuery)
  const waiting = useQuery(heldExampleQuery(model.code))
  const trial = useMutation({
    mutationFn: ({ bytes, port }: { bytes: string; port: number | null }) =>
      bodyOf(
        client.POST('/api/v1/device-models/{code}/bench', {
          params: { path: { code: model.code } },
          body: { bytes, port },
        }),
      ),
  })
  useTitle(name)
  return (
    <>
      <Trail places={[{ to: '/connections', name: messages.connections.title }]} here={name} />
      <h1>{name}</h1>
      <p className="over">
        {words.code} {model.code}
        {model.radio != null && ` · ${model.radio}`}
      </p>
      <Answer query={waiting}>
        {(example) => <Bench trial={trial} example={example?.message ?? null} />}
      </Answer>
      <Answer query={channels}>
        {(known) => (
          <Answer query={properties}>
            {({ items }) => (
              <Channels
                model={model.code}
                known={known}
                tried={trial.data?.values ?? []}
                properties={items}
              />
            )}
          </Answer>
        )}
      </Answer>
    </>
  )
}

type Props = { model: string; known: ChannelOf[]; tried: TriedValue[]; properties: ObservedProperty[] }

function Channels({ model, known, tried, properties }: Props) {
  const words = useSpeech().messages.models
  const session = useQuery(sessionQuery)
  const drafts = draftsOf(known, tried, properties)
  return (
    <section className="part" aria-labelledby="channels">
      <h2 id="channels">{words.channels}</h2>
      <p className="quiet">{drafts.length === 0 ? words.noChannels : words.channelsExplained}</p>
      {drafts.length > 0 && (
        <ChannelTable
          key={drafts
            .map((one) => one.key)
            .sort()
            .join(' ')}
          model={model}
          drafts={drafts}
          properties={properties}
          editable={session.data?.instance === true}
        />
      )}
    </section>
  )
}
