import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { collectivitiesQuery, modelsQuery } from '@/api/queries'
import type { Compared, Connection, Declared } from '@/api/schema'
import { compareDevices, declareDevices, setNetworkApi } from '@/connections/changes'
import { DeviceKeys } from '@/connections/DeviceKeys'
import { Field } from '@/design/Field'
import { Outcomes } from '@/connections/Outcomes'
import { Trouble } from '@/design/Trouble'
import { useMessages, useSpeech } from '@/language'

type Props = { connection: Connection; administers: boolean }

/** The devices of the registry, in a ChirpStack server: where it is, their keys, what would be done, done, compared. */
export function Chirpstack({ connection, administers }: Props) {
  const words = useMessages().chirpstack
  const api = connection.settings.api ?? null
  return (
    <section className="part">
      <h2>{words.title}</h2>
      <p className="quiet">{words.intro}</p>
      {administers && <Address key={api?.url} connection={connection} />}
      {api === null && !administers && <p className="quiet">{words.noApi}</p>}
      {api !== null && (
        <>
          <DeviceKeys connection={connection} />
          <Devices connection={connection} />
        </>
      )}
    </section>
  )
}

function Address({ connection }: { connection: Connection }) {
  const words = useMessages().chirpstack
  const api = connection.settings.api ?? null
  const [url, setUrl] = useState(api?.url ?? '')
  const [tenant, setTenant] = useState(api?.tenant ?? '')
  const [token, setToken] = useState('')
  const saving = useMutation({
    mutationFn: () => setNetworkApi(connection, { url, tenant, token }),
    onSuccess: async (_, __, ___, { client }) => {
      setToken('')
      await client.invalidateQueries({ queryKey: ['connections'] })
    },
  })
  return (
    <details open={api === null}>
      <summary>{api === null ? words.address : words.addressOf(api.url)}</summary>
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          saving.mutate()
        }}
      >
        <div className="fields">
          <Field label={words.url} hint={words.urlHint} className="field grow">
            {(given) => (
              <input
                {...given}
                type="url"
                required
                maxLength={500}
                value={url}
                onChange={({ target }) => setUrl(target.value)}
              />
            )}
          </Field>
          <Field label={words.tenant} hint={words.tenantHint} className="field grow">
            {(given) => (
              <input
                {...given}
                maxLength={100}
                value={tenant}
                onChange={({ target }) => setTenant(target.value)}
              />
            )}
          </Field>
          <Field label={words.token} hint={words.tokenHint} className="field grow">
            {(given) => (
              <input
                {...given}
                type="password"
                autoComplete="off"
                required={url !== api?.url}
                value={token}
                onChange={({ target }) => setToken(target.value)}
              />
            )}
          </Field>
        </div>
        <button type="submit" className="button" disabled={saving.isPending}>
          {words.save}
        </button>
        {saving.isError && <Trouble error={saving.error} />}
        <p className="result" role="status">
          {saving.isSuccess && words.saved}
        </p>
      </form>
    </details>
  )
}

function Devices({ connection }: { connection: Connection }) {
  const { messages, formats } = useSpeech()
  const words = messages.chirpstack
  const models = useQuery(modelsQuery)
  const collectivities = useQuery(collectivitiesQuery)
  const [application, setApplication] = useState('Beffroi')
  const [owner, setOwner] = useState('')
  const [model, setModel] = useState('')
  const asked = {
    application,
    ...(owner !== '' && { owner: [owner] }),
    ...(model !== '' && { model: [model] }),
  }
  const foreseeing = useMutation({
    mutationFn: () => declareDevices(connection.key, { ...asked, dry_run: true }),
  })
  const declaring = useMutation({
    mutationFn: () => declareDevices(connection.key, { ...asked, dry_run: false }),
    onSuccess: () => foreseeing.reset(),
  })
  const comparing = useMutation({ mutationFn: () => compareDevices(connection.key, application) })
  const busy = foreseeing.isPending || declaring.isPending || comparing.isPending
  const forget = () => {
    foreseeing.reset()
    declaring.reset()
    comparing.reset()
  }
  const failed = [foreseeing, declaring, comparing].find((one) => one.isError)
  return (
    <>
      <h3>{words.devices}</h3>
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          forget()
          foreseeing.mutate()
        }}
        onChange={forget}
      >
        <div className="fields">
          <Field label={words.application} className="field grow">
            {(given) => (
              <input
                {...given}
                required
                maxLength={100}
                value={application}
                onChange={({ target }) => setApplication(target.value)}
              />
            )}
          </Field>
          <Field label={words.owner} className="field grow">
            {(given) => (
              <select {...given} value={owner} onChange={({ target }) => setOwner(target.value)}>
                <option value="">{words.allOwners}</option>
                {collectivities.data?.map((one) => (
                  <option key={one.key} value={one.key}>
                    {one.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label={words.model} className="field grow">
            {(given) => (
              <select {...given} value={model} onChange={({ target }) => setModel(target.value)}>
                <option value="">{words.allModels}</option>
                {models.data?.map((one) => (
                  <option key={one.code} value={one.code}>
                    {one.maker} {one.name}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </div>
        <p className="acts">
          <button type="submit" className="button" disabled={busy}>
            {foreseeing.isPending ? words.looking : words.foresee}
          </button>
          <button
            type="button"
            className="plain"
            disabled={busy}
            onClick={() => {
              forget()
              comparing.mutate()
            }}
          >
            {comparing.isPending ? words.looking : words.compare}
          </button>
        </p>
      </form>
      {failed && <Trouble error={failed.error} />}
      {foreseeing.data && (
        <Foreseen told={foreseeing.data} busy={declaring.isPending} onDeclared={() => declaring.mutate()} />
      )}
      {declaring.data && (
        <>
          <p className="result" role="status">
            {words.done(countOf(declaring.data), formats.integer(countOf(declaring.data)))}
          </p>
          <Outcomes outcomes={declaring.data.outcomes} />
        </>
      )}
      {comparing.data && <Difference told={comparing.data} />}
    </>
  )
}

const countOf = (told: Declared) => told.outcomes.filter((one) => one.action === 'create' && one.done).length

type ForeseenProps = { told: Declared; busy: boolean; onDeclared: () => void }

function Foreseen({ told, busy, onDeclared }: ForeseenProps) {
  const { messages, formats } = useSpeech()
  const words = messages.chirpstack
  const lacking = told.outcomes.filter((one) => one.action === 'create').length
  return (
    <>
      <p className="result" role="status">
        {words.foreseen(lacking, formats.integer(lacking))}
        {told.makes.length > 0 && ` ${words.makes(told.makes.join(', '))}`}
      </p>
      <Outcomes outcomes={told.outcomes} />
      {lacking > 0 && (
        <button type="button" className="button" disabled={busy} onClick={onDeclared}>
          {busy ? words.declaring : words.declare(lacking, formats.integer(lacking))}
        </button>
      )}
    </>
  )
}

function Difference({ told }: { told: Compared }) {
  const { messages, formats } = useSpeech()
  const words = messages.chirpstack
  return (
    <>
      <p className="result" role="status">
        {words.same(told.same, formats.integer(told.same))}{' '}
        {words.apart(
          formats.integer(told.missing_there.length),
          formats.integer(told.missing_here.length),
          formats.integer(told.differing.length),
        )}
      </p>
      <Outcomes outcomes={[...told.differing, ...told.missing_there]} />
      {told.missing_here.length > 0 && (
        <>
          <h4>{words.strangers}</h4>
          <ul>
            {told.missing_here.map((one) => (
              <li key={one.code}>
                <span className="identifier">{one.code}</span> {one.name}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
