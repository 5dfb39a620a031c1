import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { catalogueQuery, tellFacts } from '@/api/purchases'
import type { CatalogueLine } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Field } from '@/design/Field'
import { Term } from '@/design/Term'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { dayOf } from '@/pooling/days'
import { useRights } from '@/pooling/names'
import '@/pooling/pooling.css'
import '@/pooling/buying/buying.css'

const CHOICES: Partial<Record<string, string[]>> = {
  openness: ['open', 'documented', 'closed'],
  repairability: ['repairable', 'battery', 'sealed'],
  'radio-class': ['A', 'B', 'C'],
  'battery-chemistry': [
    'alkaline',
    'lithium-iron-disulfide',
    'lithium-manganese-dioxide',
    'lithium-thionyl-chloride',
  ],
}

const NUMBERS = ['price', 'battery-months', 'battery-full-volts', 'battery-empty-volts', 'warranty-months']

/** Models beside one another: what they did here, with how many, and what is said of them, with its source. */
export function CataloguePage() {
  const { messages } = useSpeech()
  const words = messages.purchases
  const found = useQuery(catalogueQuery)
  useTitle(words.catalogue.title, words.title)
  return (
    <div className="pooling broad">
      <Trail
        places={[
          { name: messages.pooling.title, to: '/pooling' },
          { name: words.title, to: '/pooling/purchases' },
        ]}
        here={words.catalogue.title}
      />
      <h1>{words.catalogue.title}</h1>
      <Answer query={found} lines={8} page>
        {(lines) => <Compared lines={lines} />}
      </Answer>
    </div>
  )
}

function Compared({ lines }: { lines: CatalogueLine[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.catalogue
  const rights = useRights()
  const facts = Object.entries(words.facts)
  if (lines.length === 0) return <p className="quiet">{words.none}</p>
  const told = lines.filter((one) => one.seen.battery_months != null).length
  return (
    <>
      <p className="sentence">
        {words.sentence(lines.length, formats.integer(lines.length), formats.integer(told))}.
      </p>
      <p>{words.explained}</p>
      <div className="scroll sharings catalogue" tabIndex={0} role="region" aria-label={words.title}>
        <table>
          <thead>
            <tr>
              <th scope="col">{messages.purchases.model}</th>
              {[words.devices, words.battery, words.loss, words.silent, words.failing, words.radio].map(
                (title) => (
                  <th scope="col" key={title}>
                    {title}
                  </th>
                ),
              )}
              {facts.map(([name, said]) => (
                <th scope="col" key={name}>
                  {said}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {lines.map((one) => (
              <tr key={one.model.code}>
                <th scope="row">
                  {one.model.maker} {one.model.name}
                  <span className="quiet"> {one.model.code}</span>
                </th>
                <td className="number">{formats.integer(one.seen.devices)}</td>
                <Seen line={one} />
                <Failing line={one} />
                <td>{one.model.radio ?? words.unknown}</td>
                {facts.map(([name]) => (
                  <td key={name}>
                    <Told line={one} name={name} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rights.edits && <Telling lines={lines} />}
    </>
  )
}

function Seen({ line: { seen } }: { line: CatalogueLine }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.catalogue
  const cells = [
    [
      seen.battery_months == null ? null : words.months(formats.integer(Math.round(seen.battery_months))),
      words.on(seen.batteries, formats.integer(seen.batteries)),
    ],
    [seen.loss == null ? null : formats.share(seen.loss), words.frames(formats.integer(seen.frames))],
    [
      seen.silent == null ? null : formats.share(seen.silent),
      words.on(seen.habits, formats.integer(seen.habits)),
    ],
  ] as const
  return cells.map(([figure, of], place) => (
    <td key={place}>
      {figure ?? <span className="quiet">{words.little}</span>}
      <span className="quiet beside"> {of}</span>
    </td>
  ))
}

function Failing({ line: { seen } }: { line: CatalogueLine }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.catalogue
  const found = seen.failures
  if (found == null)
    return (
      <td>
        <span className="quiet">{words.little}</span>
      </td>
    )
  const rounded = (value: number) => formats.number(Number(value.toPrecision(2)))
  return (
    <td>
      {words.rate(rounded(found.per_hundred))}
      <span className="quiet beside">
        {' '}
        {words.rateOf(
          rounded(found.low),
          rounded(found.high),
          found.failures,
          formats.integer(found.failures),
          rounded(found.device_years),
        )}
      </span>
      {found.presumed > 0 && (
        <span className="quiet beside">
          {' '}
          {words.presumed(found.presumed, formats.integer(found.presumed))}
        </span>
      )}
    </td>
  )
}

function Told({ line, name }: { line: CatalogueLine; name: string }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.catalogue
  const fact = line.facts[name as keyof typeof line.facts]
  if (fact === undefined) return <span className="quiet">{words.unknown}</span>
  const value = NUMBERS.includes(name)
    ? formats.number(Number(fact.value))
    : (words.values[fact.value] ?? fact.value)
  return <Term explained={words.source(fact.source, formats.date(dayOf(fact.of)))}>{value}</Term>
}

function Telling({ lines }: { lines: CatalogueLine[] }) {
  const { messages } = useSpeech()
  const words = messages.purchases.catalogue
  const [typed, setTyped] = useState({ model: '', name: 'price', value: '', source: '', of: '' })
  const set = (change: Partial<typeof typed>) => setTyped({ ...typed, ...change })
  const line = lines.find((one) => one.model.code === typed.model) ?? lines[0]
  const telling = useMutation({
    mutationFn: () =>
      tellFacts(
        line?.model.code ?? '',
        {
          ...line?.facts,
          [typed.name]: {
            value: NUMBERS.includes(typed.name) ? typed.value.replace(',', '.') : typed.value,
            source: typed.source,
            of: typed.of,
          },
        },
        line?.revision ?? 0,
      ),
    onSuccess: async (_, __, ___, { client }) => {
      set({ value: '' })
      await client.invalidateQueries({ queryKey: ['pooling', 'models'] })
    },
  })
  const choices = CHOICES[typed.name]
  return (
    <details className="part screen">
      <summary>{words.tell}</summary>
      <form
        className="fields end"
        onSubmit={(event) => {
          event.preventDefault()
          telling.mutate()
        }}
      >
        <Field label={messages.purchases.model}>
          {(given) => (
            <select
              {...given}
              value={line?.model.code}
              onChange={({ target }) => set({ model: target.value })}
            >
              {lines.map(({ model }) => (
                <option key={model.code} value={model.code}>
                  {model.maker} {model.name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.fact}>
          {(given) => (
            <select
              {...given}
              value={typed.name}
              onChange={({ target }) => set({ name: target.value, value: '' })}
            >
              {Object.entries(words.facts).map(([name, said]) => (
                <option key={name} value={name}>
                  {said}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={words.value}>
          {(given) =>
            choices === undefined ? (
              <input
                {...given}
                required
                maxLength={200}
                value={typed.value}
                onChange={({ target }) => set({ value: target.value })}
              />
            ) : (
              <select
                {...given}
                required
                value={typed.value}
                onChange={({ target }) => set({ value: target.value })}
              >
                <option value="">{messages.pooling.choose}</option>
                {choices.map((one) => (
                  <option key={one} value={one}>
                    {words.values[one] ?? one}
                  </option>
                ))}
              </select>
            )
          }
        </Field>
        <Field label={words.sourceOf} className="field grow">
          {(given) => (
            <input
              {...given}
              required
              maxLength={500}
              value={typed.source}
              onChange={({ target }) => set({ source: target.value })}
            />
          )}
        </Field>
        <Field label={words.of}>
          {(given) => (
            <input
              {...given}
              type="date"
              required
              value={typed.of}
              onChange={({ target }) => set({ of: target.value })}
            />
          )}
        </Field>
        <button type="submit" className="button main" disabled={telling.isPending}>
          {words.save}
        </button>
      </form>
      {telling.isError && <Trouble error={telling.error} />}
    </details>
  )
}
