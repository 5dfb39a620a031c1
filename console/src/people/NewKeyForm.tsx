import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { makeKey } from '@/api/access'
import { servicesQuery } from '@/api/queries'
import type { ApiKey, Made } from '@/api/schema'
import { isDay, midnightOf, plusDays } from '@/charts/period'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import type { Owner } from '@/things/names'

const RIGHTS = ['read', 'edit', 'operate', 'administer'] as const

type Props = { of: Owner; onMade: (made: Made) => void; onClose: () => void }

/** The least a program needs: a right, some services, an end. */
export function NewKeyForm({ of, onMade, onClose }: Props) {
  const { messages, language, formats } = useSpeech()
  const words = messages.people.keys
  const services = useQuery(servicesQuery)
  const [name, setName] = useState('')
  const [right, setRight] = useState<ApiKey['right']>('read')
  const [only, setOnly] = useState<string[]>([])
  const [until, setUntil] = useState('')
  const making = useMutation({
    mutationFn: () =>
      makeKey({
        collectivity: of.key,
        name: name.trim(),
        right,
        services: only.length === 0 || right === 'administer' ? null : only,
        ...(isDay(until) && { expires: midnightOf(plusDays(until, 1), formats.zone).toISOString() }),
      }),
    onSuccess: async (made, _, __, { client }) => {
      await client.invalidateQueries({ queryKey: ['keys'] })
      onMade(made)
    },
  })
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        making.mutate()
      }}
    >
      {making.isError && <Trouble error={making.error} />}
      <Field label={words.name} hint={words.nameHint}>
        {(field) => (
          <input
            {...field}
            required
            maxLength={200}
            autoComplete="off"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <div className="fields">
        <Field label={words.right} hint={messages.rightsExplained[right]} className="field grow">
          {(field) => (
            <select
              {...field}
              value={right}
              onChange={({ target }) => setRight(target.value as ApiKey['right'])}
            >
              {RIGHTS.map((one) => (
                <option key={one} value={one}>
                  {messages.rights[one]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.expires} hint={words.expiresHint} className="field grow">
          {(field) => (
            <input {...field} type="date" value={until} onChange={({ target }) => setUntil(target.value)} />
          )}
        </Field>
      </div>
      {right !== 'administer' && (
        <fieldset className="choices-of">
          <legend>{words.services}</legend>
          {(services.data?.items ?? []).map((one) => (
            <label key={one.code} className="check">
              <input
                type="checkbox"
                checked={only.includes(one.code)}
                onChange={({ target }) =>
                  setOnly(target.checked ? [...only, one.code] : only.filter((code) => code !== one.code))
                }
              />
              {one[`name_${language}`]}
            </label>
          ))}
        </fieldset>
      )}
      <div className="ways">
        <button type="submit" className="button main" disabled={making.isPending || name.trim() === ''}>
          {words.submit}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {messages.connections.ending.cancel}
        </button>
      </div>
    </form>
  )
}
