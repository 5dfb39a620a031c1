import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { keysQuery, revokeKey } from '@/api/access'
import { servicesQuery } from '@/api/queries'
import type { ApiKey, Made } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { Confirming } from '@/design/Confirming'
import { CopyField } from '@/design/CopyField'
import { useNow } from '@/design/now'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import type { Owner } from '@/things/names'
import { NewKeyForm } from '@/people/NewKeyForm'

/** What programs present instead of a person: made, shown once, ended. */
export function KeyList({ of }: { of: Owner }) {
  const { messages, formats } = useSpeech()
  const words = messages.people.keys
  const found = useQuery(keysQuery)
  const [making, setMaking] = useState(false)
  const [made, setMade] = useState<Made | null>(null)
  const id = useId()
  return (
    <section className="part" aria-labelledby={id}>
      <h2 id={id}>{words.title}</h2>
      <p className="quiet">{words.explained}</p>
      {made && (
        <div className="issued" role="group" aria-label={made.key.name}>
          <p className="once">{words.once}</p>
          <CopyField label={words.token(made.key.name)} text={made.token} />
          <p className="quiet">{words.header}</p>
          <p className="ways">
            <button type="button" className="button main" onClick={() => setMade(null)}>
              {words.noted}
            </button>
          </p>
        </div>
      )}
      {making ? (
        <NewKeyForm
          of={of}
          onMade={(one) => {
            setMade(one)
            setMaking(false)
          }}
          onClose={() => setMaking(false)}
        />
      ) : (
        <button type="button" className="button" onClick={() => setMaking(true)}>
          {words.make}
        </button>
      )}
      <Answer query={found} lines={3}>
        {(all) => {
          const its = all.filter((one) => one.collectivity === of.key)
          const open = its.filter((one) => one.revoked_at == null)
          const ended = its.filter((one) => one.revoked_at != null)
          return (
            <>
              {open.length === 0 ? (
                <p className="quiet">{words.none}</p>
              ) : (
                <ul className="held">
                  {open.map((one) => (
                    <Key key={one.key} of={one} />
                  ))}
                </ul>
              )}
              {ended.length > 0 && (
                <details>
                  <summary>{words.endedKeys(ended.length, formats.integer(ended.length))}</summary>
                  <ul>
                    {ended.map((one) => (
                      <li key={one.key}>
                        {one.name}{' '}
                        <span className="quiet">
                          {one.revoked_at != null && words.endedOn(formats.date(new Date(one.revoked_at)))}
                        </span>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </>
          )
        }}
      </Answer>
    </section>
  )
}

function Key({ of: one }: { of: ApiKey }) {
  const { messages, language, formats } = useSpeech()
  const words = messages.people.keys
  const services = useQuery(servicesQuery)
  const now = useNow()
  const [asked, setAsked] = useState(false)
  const ending = useMutation({
    mutationFn: () => revokeKey(one.key),
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['keys'] }),
  })
  const named = (code: string) =>
    services.data?.items.find((service) => service.code === code)?.[`name_${language}`] ?? code
  const lapsed = one.expires != null && new Date(one.expires) <= now
  return (
    <li>
      <h3>{one.name}</h3>
      <p>
        {messages.rights[one.right]}
        {one.services == null
          ? `, ${words.everyService}`
          : `, ${words.only(formats.list(one.services.map(named)))}`}
        {one.expires != null &&
          `, ${(lapsed ? words.lapsed : words.until)(formats.date(new Date(Date.parse(one.expires) - 1)))}`}
      </p>
      <p className="quiet">
        <span className="identifier">bef_{one.key}_…</span> ·{' '}
        {one.last_used == null ? (
          words.neverUsed
        ) : (
          <>
            {words.lastUsed} <Ago when={new Date(one.last_used)} />
          </>
        )}
      </p>
      {ending.isError && <Trouble error={ending.error} />}
      {asked ? (
        <Confirming
          name={one.name}
          label={words.typeName(one.name)}
          explained={words.endExplained}
          confirm={words.endConfirm}
          pending={ending.isPending}
          onConfirmed={() => ending.mutate()}
          onClose={() => setAsked(false)}
        />
      ) : (
        <div className="ways">
          <button
            type="button"
            className="button"
            aria-label={words.endOf(one.name)}
            onClick={() => setAsked(true)}
          >
            {words.end}
          </button>
        </div>
      )}
    </li>
  )
}
