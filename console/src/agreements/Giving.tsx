import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { giveAgreement, idsObservingQuery, previewQuery } from '@/api/access'
import { assetKindsQuery } from '@/api/devices'
import { observedPropertiesQuery, servicesQuery } from '@/api/queries'
import type { Subject } from '@/api/schema'
import { isDay, midnightOf, plusDays } from '@/charts/period'
import { Answer } from '@/design/Answer'
import { Choice, type Option } from '@/design/Choice'
import { Field } from '@/design/Field'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { useOwners, type Owner } from '@/things/names'
import { OpeningWords } from '@/agreements/OpeningWords'

type Way = 'service' | 'asset_kind' | 'series'
const WAYS: Way[] = ['service', 'asset_kind', 'series']
const RIGHTS = ['read', 'operate'] as const

type Props = { giver: Owner; onGiven: (receiver: string) => void; onClose: () => void }

/** Letting another collectivité see or operate something: whom, what, until when; what it opens is counted first. */
export function Giving({ giver, onGiven, onClose }: Props) {
  const { messages, formats } = useSpeech()
  const { give: words, rights, rightsExplained } = messages.agreements
  const owners = useOwners()
  const [receiver, setReceiver] = useState('')
  const [way, setWay] = useState<Way>('service')
  const [chosen, setChosen] = useState('')
  const [right, setRight] = useState<(typeof RIGHTS)[number]>('read')
  const [purpose, setPurpose] = useState('')
  const [until, setUntil] = useState('')
  const [past, setPast] = useState(true)
  const id = useId()
  const { subject, missing } = useSubject(giver.key, way, chosen)
  const giving = useMutation({
    mutationFn: (what: Subject) =>
      giveAgreement({
        ...what,
        receiver,
        right,
        purpose: purpose.trim(),
        past,
        ...(isDay(until) && { valid_until: midnightOf(plusDays(until, 1), formats.zone).toISOString() }),
      }),
    onSuccess: async (_, __, ___, { client }) => {
      await client.invalidateQueries({ queryKey: ['agreements'] })
      onGiven(owners.find((one) => one.key === receiver)?.name ?? receiver)
    },
  })
  return (
    <section className="part" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{words.title(giver.name)}</h2>
      {giving.isError && <Trouble error={giving.error} />}
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          if (subject !== null && receiver !== '') giving.mutate(subject)
        }}
      >
        <Choice
          label={words.receiver}
          any={words.choose}
          options={optionsOf(owners.filter((one) => one.key !== giver.key))}
          value={receiver}
          onChosen={setReceiver}
        />
        <fieldset className="choices-of">
          <legend>{words.what}</legend>
          {WAYS.map((one) => (
            <label key={one} className="check">
              <input
                type="radio"
                name={`${id}-way`}
                checked={way === one}
                onChange={() => {
                  setWay(one)
                  setChosen('')
                }}
              />
              {words.ways[one]}
            </label>
          ))}
        </fieldset>
        <What way={way} chosen={chosen} onChosen={setChosen} />
        <fieldset className="choices-of upright">
          <legend>{words.right}</legend>
          {RIGHTS.map((one) => (
            <label key={one} className="check">
              <input
                type="radio"
                name={`${id}-right`}
                checked={right === one}
                onChange={() => setRight(one)}
              />
              <span>
                {rights[one]} <span className="quiet">{rightsExplained[one]}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Field label={words.purpose} hint={words.purposeHint}>
          {(field) => (
            <input
              {...field}
              required
              pattern=".*\S.*"
              maxLength={2000}
              autoComplete="off"
              value={purpose}
              onChange={({ target }) => setPurpose(target.value)}
            />
          )}
        </Field>
        <div className="fields">
          <Field label={words.until} hint={words.untilHint}>
            {(field) => (
              <input {...field} type="date" value={until} onChange={({ target }) => setUntil(target.value)} />
            )}
          </Field>
        </div>
        <label className="check">
          <input type="checkbox" checked={past} onChange={({ target }) => setPast(target.checked)} />
          {words.past}
        </label>
        <div className="preview" role="status">
          {subject === null ? <p className="quiet">{missing}</p> : <Preview subject={subject} />}
        </div>
        <div className="ways">
          <button
            type="submit"
            className="button main"
            disabled={giving.isPending || subject === null || receiver === '' || purpose.trim() === ''}
          >
            {words.submit}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {messages.connections.ending.cancel}
          </button>
        </div>
      </form>
    </section>
  )
}

/** What the choices name, or why they name nothing yet. */
function useSubject(giver: string, way: Way, chosen: string): { subject: Subject | null; missing: string } {
  const words = useSpeech().messages.agreements.give
  const ids = useQuery({ ...idsObservingQuery(giver, chosen), enabled: way === 'series' && chosen !== '' })
  if (chosen === '') return { subject: null, missing: words.previewWaits }
  if (way !== 'series') return { subject: { giver, [way]: chosen }, missing: '' }
  if (ids.data === undefined) return { subject: null, missing: words.looking }
  if (ids.data.length === 0) return { subject: null, missing: words.noSeries }
  return { subject: { giver, series: ids.data }, missing: '' }
}

function Preview({ subject }: { subject: Subject }) {
  const words = useSpeech().messages.agreements.give
  const preview = useQuery({ ...previewQuery(subject), placeholderData: keepPreviousData })
  return (
    <Answer query={preview} lines={1}>
      {(opening) => (
        <p>
          <OpeningWords opening={opening} begin={words.opens} />{' '}
          <span className="quiet">{subject.series == null ? words.andToCome : words.theseAlone}</span>
        </p>
      )}
    </Answer>
  )
}

function What({ way, chosen, onChosen }: { way: Way; chosen: string; onChosen: (code: string) => void }) {
  const { messages, language } = useSpeech()
  const words = messages.agreements.give
  const services = useQuery(servicesQuery)
  const kinds = useQuery(assetKindsQuery)
  const properties = useQuery(observedPropertiesQuery)
  const found = { service: services, asset_kind: kinds, series: properties }[way]
  const options = (found.data?.items ?? []).map((one) => ({ key: one.code, name: one[`name_${language}`] }))
  return (
    <Choice
      label={words.which[way]}
      any={words.choose}
      options={optionsOf(options)}
      value={chosen}
      onChosen={onChosen}
    />
  )
}

const optionsOf = (owners: Owner[]): Option[] =>
  owners
    .map(({ key, name }) => ({ value: key, name }))
    .sort((one, other) => one.name.localeCompare(other.name, 'fr'))
