import { useMutation, useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { servicesQuery } from '@/api/queries'
import { enterOffer, importOffers } from '@/api/withWhom'
import { Choice } from '@/design/Choice'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { faultAt, faultsOf } from '@/pooling/faults'
import { useNames } from '@/pooling/names'
import { Typed } from '@/pooling/Typed'

const SAMPLE = {
  fr: 'structure;service;nom;territoire;depuis;prix;source\nSyndicat voisin;lighting;Éclairage;85191 85194;2024-01-01;;rapport 2025',
  en: 'provider;service;name;area;since;price;source\nNeighbouring syndicate;lighting;Lighting;85191 85194;2024-01-01;;report 2025',
}
const EMPTY = { provider: '', service: '', name: '', area: '', since: '', price: '', source: '' }

/** What a neighbour offers: entered one by one, or as a table. */
export function AddOffers() {
  const words = useSpeech().messages.withWhom
  return (
    <section className="part">
      <h2>{words.add}</h2>
      <One />
      <Table />
    </section>
  )
}

function One() {
  const { messages } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  const services = useQuery(servicesQuery)
  const [form, setForm] = useState(EMPTY)
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change })
  const service = form.service === '' ? (services.data?.items[0]?.code ?? '') : form.service
  const entering = useMutation({
    mutationFn: () =>
      enterOffer({
        provider: form.provider.trim(),
        service,
        name: form.name.trim(),
        area: form.area
          .split(/[\s,;]+/)
          .filter((word) => word !== '')
          .map(keyOf),
        ...(form.since !== '' && { since: form.since }),
        price: form.price.trim(),
        source: form.source.trim(),
      }),
    onSuccess: async (_, __, ___, { client }) => {
      setForm({ ...EMPTY, provider: form.provider, service })
      await client.invalidateQueries({ queryKey: ['pooling', 'catalogue'] })
    },
  })
  const faults = faultsOf(entering.error)
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        entering.mutate()
      }}
    >
      <div className="fields">
        <Typed
          label={words.provider}
          className="field grow"
          required
          value={form.provider}
          fault={faultAt(faults, 'provider')}
          onTyped={(provider) => set({ provider })}
        />
        <Choice
          label={messages.pooling.service}
          any={messages.pooling.choose}
          options={(services.data?.items ?? []).map(({ code }) => ({
            value: code,
            name: names.service(code),
          }))}
          value={service}
          onChosen={(chosen) => set({ service: chosen })}
        />
        <Typed
          label={words.offerName}
          className="field grow"
          required
          value={form.name}
          fault={faultAt(faults, 'name')}
          onTyped={(name) => set({ name })}
        />
      </div>
      <Typed
        label={words.area}
        hint={words.areaHint}
        required
        value={form.area}
        fault={faultAt(faults, '[0].area') ?? faultAt(faults, 'area')}
        onTyped={(area) => set({ area })}
      />
      <div className="fields">
        <Typed label={words.since} type="date" value={form.since} onTyped={(since) => set({ since })} />
        <Typed
          label={words.price}
          className="field grow"
          value={form.price}
          fault={faultAt(faults, 'price')}
          onTyped={(price) => set({ price })}
        />
        <Typed
          label={words.source}
          className="field grow"
          value={form.source}
          fault={faultAt(faults, 'source')}
          onTyped={(source) => set({ source })}
        />
      </div>
      {entering.isError && <Trouble error={entering.error} />}
      <button type="submit" className="button main" disabled={entering.isPending}>
        {messages.entering.keep}
      </button>
    </form>
  )
}

function Table() {
  const { messages, formats, language } = useSpeech()
  const words = messages.withWhom
  const id = useId()
  const [file, setFile] = useState<File | null>(null)
  const importing = useMutation({
    mutationFn: importOffers,
    onSuccess: (_, __, ___, { client }) => client.invalidateQueries({ queryKey: ['pooling', 'catalogue'] }),
  })
  return (
    <details>
      <summary>{words.fromTable}</summary>
      <form
        className="sheet"
        onSubmit={(event) => {
          event.preventDefault()
          if (file) importing.mutate(file)
        }}
      >
        <p className="quiet">{words.tableExplained}</p>
        <pre>{SAMPLE[language]}</pre>
        <div className="field grow">
          <label htmlFor={id}>{words.file}</label>
          <input
            id={id}
            type="file"
            accept=".csv,.xlsx"
            required
            onChange={({ target }) => {
              importing.reset()
              setFile(target.files?.[0] ?? null)
            }}
          />
        </div>
        {importing.isError && <Trouble error={importing.error} />}
        {importing.isSuccess && (
          <p role="status">{words.taken(importing.data.length, formats.integer(importing.data.length))}</p>
        )}
        <button type="submit" className="button" disabled={importing.isPending}>
          {words.take}
        </button>
      </form>
    </details>
  )
}

/** A key of the referential from what people type: an INSEE code, a SIREN, or the key itself. */
function keyOf(word: string): string {
  if (/^\d{9}$/.test(word)) return `epci-${word}`
  if (/^\d[\dAB]\d{3}$/i.test(word)) return `commune-${word.toUpperCase()}`
  return word
}
