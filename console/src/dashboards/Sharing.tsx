import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { publishDashboard, removeDashboard, withdrawDashboard } from '@/api/dashboards'
import type { Dashboard } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'

type Right = 'read' | 'edit' | 'operate' | 'administer'

/** Who else sees a dashboard: the public link, how to embed it, its end; and the end of the dashboard. */
export function Sharing({ dashboard, right }: { dashboard: Dashboard; right: Right }) {
  const { messages } = useSpeech()
  const words = messages.dashboards.share
  const id = useId()
  const publishing = useMutation({
    mutationFn: () => publishDashboard(dashboard.key),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['dashboards'] }),
  })
  const withdrawing = useMutation({
    mutationFn: () => withdrawDashboard(dashboard.key),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['dashboards'] }),
  })
  const administers = right === 'administer'
  const address = dashboard.link == null ? null : `${window.location.origin}/shown/${dashboard.link}`
  return (
    <section className="part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{words.title}</h2>
      <p className="quiet">{words.explained}</p>
      {publishing.isError && <Trouble error={publishing.error} />}
      {withdrawing.isError && <Trouble error={withdrawing.error} />}
      {address !== null && (
        <>
          <Copied label={words.address} text={address} />
          <Copied
            label={words.frame}
            text={`<iframe src="${address}?embed=true" title="${dashboard.name.replaceAll(/[&"<>]/g, ' ')}"></iframe>`}
          />
          <p className="quiet">{words.frameExplained}</p>
        </>
      )}
      {administers ? (
        <div className="ways">
          <button
            type="button"
            className="button"
            disabled={publishing.isPending}
            onClick={() => publishing.mutate()}
          >
            {address === null ? words.publish : words.renew}
          </button>
          {address !== null && (
            <button
              type="button"
              className="button"
              disabled={withdrawing.isPending}
              onClick={() => withdrawing.mutate()}
            >
              {words.withdraw}
            </button>
          )}
        </div>
      ) : (
        <p className="quiet">{words.administratorsOnly}</p>
      )}
      <p role="status" className="result">
        {withdrawing.isSuccess && address === null && words.withdrawn}
      </p>
      {right !== 'read' && <Removal dashboard={dashboard} />}
    </section>
  )
}

function Copied({ label, text }: { label: string; text: string }) {
  const words = useSpeech().messages.dashboards.share
  const id = useId()
  const [done, setDone] = useState(false)
  return (
    <div className="field copy">
      <label htmlFor={id}>{label}</label>
      <div>
        <input id={id} readOnly value={text} onFocus={(event) => event.target.select()} />
        <button
          type="button"
          className="button"
          onClick={() => void navigator.clipboard.writeText(text).then(() => setDone(true))}
        >
          {words.copy}
        </button>
      </div>
      <span className="quiet" role="status">
        {done && words.copied}
      </span>
    </div>
  )
}

/** Removing it, once its name is typed. */
function Removal({ dashboard }: { dashboard: Dashboard }) {
  const { messages } = useSpeech()
  const words = messages.dashboards
  const navigate = useNavigate()
  const id = useId()
  const [typed, setTyped] = useState('')
  const removing = useMutation({
    mutationFn: () => removeDashboard(dashboard.key),
    onSuccess: async (_, __, ___, { client }) => {
      await navigate({ to: '/dashboards' })
      client.removeQueries({ queryKey: ['dashboards', 'one', dashboard.key] })
      await client.invalidateQueries({ queryKey: ['dashboards'] })
    },
  })
  return (
    <details>
      <summary>{words.remove}</summary>
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          if (typed.trim() === dashboard.name) removing.mutate()
        }}
      >
        <p>{words.removeExplained}</p>
        {removing.isError && <Trouble error={removing.error} />}
        <div className="field">
          <label htmlFor={id}>{words.typeName(dashboard.name)}</label>
          <input id={id} autoComplete="off" value={typed} onChange={({ target }) => setTyped(target.value)} />
        </div>
        <button
          type="submit"
          className="button"
          disabled={typed.trim() !== dashboard.name || removing.isPending}
        >
          {words.confirm}
        </button>
      </form>
    </details>
  )
}
