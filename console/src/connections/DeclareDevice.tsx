import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { modelsQuery, servicesQuery } from '@/api/queries'
import type { Group, Replay } from '@/api/schema'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { declare } from '@/connections/changes'
import { useEditable } from '@/things/names'

type Props = { group: Group; onDeclared: (replayed: Replay) => void; onClose: () => void }

/** The short form by which a device that was heard is declared; what waits for it is then tried again. */
export function DeclareDevice({ group, onDeclared, onClose }: Props) {
  const { language, messages } = useSpeech()
  const { declaring: words, ending } = messages.connections
  const models = useQuery(modelsQuery)
  const services = useQuery(servicesQuery)
  const owners = useEditable(group.owner)
  const [typed, setTyped] = useState({ name: '', owner: group.owner, model: '', service: '' })
  const id = useId()
  const declaring = useMutation({
    mutationFn: () =>
      declare(
        {
          kind: 'sensor',
          code: group.device,
          name: typed.name.trim(),
          owner: typed.owner,
          service: typed.service,
          ...(typed.model === '' ? {} : { model: typed.model }),
        },
        group.device,
      ),
    onSuccess: async (done, _, __, { client }) => {
      onDeclared(done)
      await client.invalidateQueries({ queryKey: ['held-messages'] })
      onClose()
    },
  })
  const given = (name: keyof typeof typed) => ({
    id: `${id}-${name}`,
    value: typed[name],
    onChange: (event: { target: { value: string } }) => setTyped({ ...typed, [name]: event.target.value }),
  })
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        declaring.mutate()
      }}
    >
      {declaring.isError && <Trouble error={declaring.error} />}
      <div className="fields">
        <div className="field grow">
          <label htmlFor={`${id}-name`}>{words.name}</label>
          <input {...given('name')} required maxLength={200} />
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-owner`}>{words.owner}</label>
          <select {...given('owner')}>
            {owners.map((one) => (
              <option key={one.key} value={one.key}>
                {one.name}
              </option>
            ))}
          </select>
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-model`}>{words.model}</label>
          <select {...given('model')}>
            <option value="">{words.modelUnknown}</option>
            {models.data?.map((one) => (
              <option key={one.code} value={one.code}>
                {one.maker} {one.name}
              </option>
            ))}
          </select>
        </div>
        <div className="field grow">
          <label htmlFor={`${id}-service`}>{words.service}</label>
          <select {...given('service')} required>
            <option value="">{words.choose}</option>
            {services.data?.items.map((one) => (
              <option key={one.code} value={one.code}>
                {one[`name_${language}`]}
              </option>
            ))}
          </select>
        </div>
      </div>
      <div className="ways">
        <button type="submit" className="button main" disabled={declaring.isPending}>
          {words.submit}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {ending.cancel}
        </button>
      </div>
    </form>
  )
}
