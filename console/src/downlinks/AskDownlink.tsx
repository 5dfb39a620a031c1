import { useMutation } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { Device, Preview } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useMessages } from '@/language'
import { ask, preview } from '@/downlinks/changes'
import { downlinkOf, NOTHING, type Typed } from '@/downlinks/typed'

/** The form by which a downlink is asked: what would leave is shown first, then asked for as it was shown. */
export function AskDownlink({ device }: { device: Device }) {
  const { downlinks: words } = useMessages()
  const [typed, setTyped] = useState<Typed>({ ...NOTHING, way: device.model == null ? 'bytes' : 'command' })
  const [said, setSaid] = useState('')
  const id = useId()
  const body = downlinkOf(typed)
  const seeing = useMutation({ mutationFn: (wanted: NonNullable<typeof body>) => preview(device.id, wanted) })
  const asking = useMutation({
    mutationFn: (wanted: NonNullable<typeof body>) => ask(device.id, { ...wanted, key: crypto.randomUUID() }),
    onSuccess: async ({ approval }, _, __, { client }) => {
      seeing.reset()
      setTyped({ ...NOTHING, way: typed.way })
      setSaid(approval ? words.askedWaiting : words.asked)
      await client.invalidateQueries({ queryKey: ['downlinks'] })
    },
  })
  const change = (changes: Partial<Typed>) => {
    seeing.reset()
    asking.reset()
    setSaid('')
    setTyped({ ...typed, ...changes })
  }
  return (
    <section className="part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{words.ask}</h2>
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          if (body === null) return
          if (seeing.data) asking.mutate(body)
          else seeing.mutate(body)
        }}
      >
        <Content device={device} typed={typed} change={change} wrong={body === null} id={id} />
        <label className="check">
          <input
            type="checkbox"
            checked={typed.confirmed}
            onChange={(event) => change({ confirmed: event.target.checked })}
          />{' '}
          {words.confirmed}
        </label>
        <div role="status">
          {seeing.data && <Seen seen={seeing.data} />}
          {said !== '' && <p className="result">{said}</p>}
        </div>
        {seeing.isError && <Trouble error={seeing.error} />}
        {asking.isError && <Trouble error={asking.error} />}
        <div className="ways">
          <button
            type="submit"
            className="button main"
            disabled={body === null || seeing.isPending || asking.isPending}
          >
            {seeing.data ? (seeing.data.approval ? words.askApproval : words.send) : words.see}
          </button>
          {seeing.data && (
            <button type="button" className="button" onClick={() => seeing.reset()}>
              {words.back}
            </button>
          )}
        </div>
      </form>
    </section>
  )
}

type Part = {
  device: Device
  typed: Typed
  change: (changes: Partial<Typed>) => void
  wrong: boolean
  id: string
}

function Content({ device, typed, change, wrong, id }: Part) {
  const { downlinks: words } = useMessages()
  const command = typed.way === 'command'
  const text = command ? typed.command : typed.bytes
  const faulty = wrong && text !== '' && (command || typed.port !== '')
  return (
    <>
      {device.model != null && (
        <fieldset className="choices-of">
          <legend>{words.way}</legend>
          {(['command', 'bytes'] as const).map((way) => (
            <label key={way} className="check">
              <input
                type="radio"
                name={`${id}-way`}
                checked={typed.way === way}
                onChange={() => change({ way })}
              />{' '}
              {words.ways[way]}
            </label>
          ))}
        </fieldset>
      )}
      <div className="fields">
        <div className="field grow">
          <label htmlFor={`${id}-content`}>{command ? words.command : words.bytes}</label>
          <input
            id={`${id}-content`}
            className="code"
            required
            spellCheck={false}
            autoComplete="off"
            placeholder={command ? '{"open": true}' : '01 07'}
            value={text}
            aria-invalid={faulty}
            aria-describedby={`${id}-fault`}
            onChange={(event) =>
              change(command ? { command: event.target.value } : { bytes: event.target.value })
            }
          />
        </div>
        <div className="field port">
          <label htmlFor={`${id}-port`}>{words.port}</label>
          <input
            id={`${id}-port`}
            type="number"
            min={1}
            max={223}
            required={!command}
            value={typed.port}
            onChange={(event) => change({ port: event.target.value })}
          />
        </div>
      </div>
      <p id={`${id}-fault`} role="status" className={faulty ? 'fault' : 'unseen'}>
        {faulty && (command ? words.notJson : words.notHexadecimal)}
      </p>
    </>
  )
}

function Seen({ seen: { payload, port, connection_name, approval, warnings = [] } }: { seen: Preview }) {
  const { downlinks: words } = useMessages()
  return (
    <>
      <p>
        {words.would} <code>{payload.toUpperCase()}</code> {words.onPort(port)}{' '}
        {words.through(connection_name)}
      </p>
      {approval && <p>{words.needsApproval}</p>}
      {warnings.length > 0 && (
        <p className="quiet">
          {words.codecWarns} {warnings.join(', ')}
        </p>
      )}
    </>
  )
}
