import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { servicesQuery } from '@/api/queries'
import { askBooking, offerSkill, withdrawSkill } from '@/api/withWhom'
import type { SkillOffer } from '@/api/schema'
import { Choice } from '@/design/Choice'
import { useNow } from '@/design/now'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { decimal, faultAt, faultsOf } from '@/pooling/faults'
import { useNames, useRights } from '@/pooling/names'
import { Amount, Typed } from '@/pooling/Typed'

/** Skills that members offer; asked for by a member, offered by another. */
export function Offers({ offers }: { offers: SkillOffer[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.skills
  const names = useNames()
  const rights = useRights()
  const [asked, setAsked] = useState<SkillOffer | null>(null)
  const [offering, setOffering] = useState(false)
  const withdrawing = useMutation({ mutationFn: withdrawSkill, ...renewing })
  const mine = useMine()
  return (
    <section className="part">
      <h2>{words.offers}</h2>
      {offers.length > 0 && (
        <div className="wide" tabIndex={0} role="region" aria-label={words.offers}>
          <table className="listing stacked">
            <thead>
              <tr>
                <th scope="col">{words.skill}</th>
                <th scope="col">{words.lender}</th>
                <th scope="col">{words.period}</th>
                <th scope="col" className="number">
                  {words.monthly}
                </th>
                <th scope="col" className="number">
                  {words.costHour}
                </th>
                <th scope="col">{words.taken}</th>
              </tr>
            </thead>
            <tbody>
              {offers.map((one) => (
                <tr key={one.id}>
                  <th scope="row">
                    {one.skill} <span className="quiet">{names.service(one.service)}</span>
                  </th>
                  <td data-label={words.lender}>{names.member(one.lender)}</td>
                  <td data-label={words.period}>
                    {words.fromTo(formats.month(one.first), formats.month(one.last))}
                  </td>
                  <td className="number" data-label={words.monthly}>
                    {formats.number(Number(one.hours))}
                  </td>
                  <td className="number" data-label={words.costHour}>
                    {formats.cents(Number(one.cost))}
                  </td>
                  <td data-label={words.taken}>
                    {one.months
                      .map((each) => words.left(formats.month(each.month), formats.number(Number(each.left))))
                      .join(', ') || messages.none}
                    <span className="deeds">
                      {mine.length > 0 && (
                        <button
                          type="button"
                          className="plain"
                          aria-label={words.askOf(one.skill, names.member(one.lender))}
                          onClick={() => setAsked(one)}
                        >
                          {words.ask}
                        </button>
                      )}{' '}
                      {(rights.edits || rights.editsOf(one.lender)) && (
                        <button
                          type="button"
                          className="plain"
                          aria-label={words.withdrawOf(one.skill, names.member(one.lender))}
                          disabled={withdrawing.isPending}
                          onClick={() => withdrawing.mutate(one.id)}
                        >
                          {messages.withWhom.withdraw}
                        </button>
                      )}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {withdrawing.isError && <Trouble error={withdrawing.error} />}
      {asked && <Ask key={asked.id} offer={asked} onClose={() => setAsked(null)} />}
      {mine.length > 0 && !offering && asked === null && (
        <button type="button" className="button" onClick={() => setOffering(true)}>
          {words.offer}
        </button>
      )}
      {offering && <New onClose={() => setOffering(false)} />}
    </section>
  )
}

/** For whom whoever is signed in may offer or ask, by name. */
function useMine() {
  const { language } = useSpeech()
  const names = useNames()
  const rights = useRights()
  const keys = rights.edits
    ? names.collectivities.map(({ key }) => key)
    : rights.members.filter(rights.editsOf)
  return keys
    .filter((key) => key !== rights.structure)
    .map((value) => ({ value, name: names.member(value) }))
    .toSorted((one, other) => one.name.localeCompare(other.name, language))
}

function Ask({ offer, onClose }: { offer: SkillOffer; onClose: () => void }) {
  const { messages } = useSpeech()
  const words = messages.skills
  const names = useNames()
  const mine = useMine().filter(({ value }) => value !== offer.lender)
  const [form, setForm] = useState({ borrower: '', month: offer.first, hours: '', purpose: '' })
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change })
  const borrower = form.borrower === '' ? (mine[0]?.value ?? '') : form.borrower
  const asking = useMutation({
    mutationFn: () => askBooking({ ...form, offer: offer.id, borrower, hours: decimal(form.hours) }),
    onSuccess: async (_, __, ___, { client }) => {
      await client.invalidateQueries({ queryKey: ['pooling'] })
      onClose()
    },
  })
  const faults = faultsOf(asking.error)
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        asking.mutate()
      }}
    >
      <h3>{words.askOf(offer.skill, names.member(offer.lender))}</h3>
      <div className="fields">
        <Choice
          label={words.borrower}
          any={messages.pooling.choose}
          options={mine}
          value={borrower}
          onChosen={(chosen) => set({ borrower: chosen })}
        />
        <Typed
          label={words.month}
          type="month"
          required
          min={offer.first}
          max={offer.last}
          value={form.month}
          fault={faultAt(faults, 'month')}
          onTyped={(month) => set({ month })}
        />
        <Amount
          label={words.hours}
          required
          value={form.hours}
          fault={faultAt(faults, 'hours')}
          onTyped={(hours) => set({ hours })}
        />
        <Typed
          label={words.purpose}
          className="field grow"
          maxLength={500}
          value={form.purpose}
          onTyped={(purpose) => set({ purpose })}
        />
      </div>
      {asking.isError && <Trouble error={asking.error} />}
      <div className="ways">
        <button type="submit" className="button main" disabled={asking.isPending || borrower === ''}>
          {words.sendAsk}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {messages.entering.cancel}
        </button>
      </div>
    </form>
  )
}

function New({ onClose }: { onClose: () => void }) {
  const { messages } = useSpeech()
  const words = messages.skills
  const names = useNames()
  const services = useQuery(servicesQuery)
  const mine = useMine()
  const year = useNow().getFullYear()
  const [form, setForm] = useState({
    lender: '',
    service: '',
    skill: '',
    first: `${year + 1}-01`,
    last: `${year + 1}-12`,
    hours: '',
    cost: '',
    note: '',
  })
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change })
  const lender = form.lender === '' ? (mine[0]?.value ?? '') : form.lender
  const service = form.service === '' ? (services.data?.items[0]?.code ?? '') : form.service
  const offering = useMutation({
    mutationFn: () =>
      offerSkill({ ...form, lender, service, hours: decimal(form.hours), cost: decimal(form.cost) }),
    onSuccess: async (_, __, ___, { client }) => {
      await client.invalidateQueries({ queryKey: ['pooling'] })
      onClose()
    },
  })
  const faults = faultsOf(offering.error)
  return (
    <form
      className="sheet"
      onSubmit={(event) => {
        event.preventDefault()
        offering.mutate()
      }}
    >
      <h3>{words.offer}</h3>
      <div className="fields">
        <Choice
          label={words.lender}
          any={messages.pooling.choose}
          options={mine}
          value={lender}
          onChosen={(chosen) => set({ lender: chosen })}
        />
        <Typed
          label={words.skill}
          hint={words.skillHint}
          className="field grow"
          required
          maxLength={200}
          value={form.skill}
          fault={faultAt(faults, 'skill')}
          onTyped={(skill) => set({ skill })}
        />
        <Choice
          label={words.account}
          any={messages.pooling.choose}
          options={(services.data?.items ?? []).map(({ code }) => ({
            value: code,
            name: names.service(code),
          }))}
          value={service}
          onChosen={(chosen) => set({ service: chosen })}
        />
      </div>
      <div className="fields">
        {(['first', 'last'] as const).map((name) => (
          <Typed
            key={name}
            label={words[name]}
            type="month"
            required
            value={form[name]}
            fault={faultAt(faults, name)}
            onTyped={(month) => set({ [name]: month })}
          />
        ))}
        <Amount
          label={words.monthly}
          className="field"
          required
          value={form.hours}
          fault={faultAt(faults, 'hours')}
          onTyped={(hours) => set({ hours })}
        />
        <Amount
          label={words.costHour}
          className="field"
          required
          value={form.cost}
          fault={faultAt(faults, 'cost')}
          onTyped={(cost) => set({ cost })}
        />
      </div>
      {offering.isError && <Trouble error={offering.error} />}
      <div className="ways">
        <button type="submit" className="button main" disabled={offering.isPending || lender === ''}>
          {messages.entering.keep}
        </button>
        <button type="button" className="button" onClick={onClose}>
          {messages.entering.cancel}
        </button>
      </div>
    </form>
  )
}

const renewing = {
  onSettled: (
    _: unknown,
    __: unknown,
    ___: unknown,
    ____: unknown,
    { client }: { client: { invalidateQueries: (of: { queryKey: string[] }) => Promise<void> } },
  ) => client.invalidateQueries({ queryKey: ['pooling'] }),
}
