import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { withdrawNeed } from '@/api/withWhom'
import type { KeptNeed } from '@/api/schema'
import { useSpeech } from '@/language'
import { Late } from '@/pooling/Late'
import { useNames, useRights } from '@/pooling/names'
import { NeedForm } from '@/pooling/NeedForm'

type Props = { service: string; tender: string; needs: KeptNeed[] }

/** What each says it needs, and the form to say it. */
export function Needs({ service, tender, needs }: Props) {
  const { messages, formats, language } = useSpeech()
  const words = messages.withWhom
  const names = useNames()
  const rights = useRights()
  const [open, setOpen] = useState<KeptNeed | 'new' | null>(null)
  const withdrawing = useMutation({
    mutationFn: withdrawNeed,
    onSettled: (_, __, ___, ____, { client }) => client.invalidateQueries({ queryKey: ['pooling'] }),
  })
  const may = (member: string) => rights.edits || rights.editsOf(member)
  const sorted = needs.toSorted((one, other) =>
    names.member(one.member).localeCompare(names.member(other.member), language),
  )
  const mayAdd = rights.edits || rights.members.some(rights.editsOf)
  const euros = (amount: string | null | undefined) =>
    amount == null ? messages.none : formats.euros(Number(amount))
  return (
    <section className="part">
      <h2>{words.needs}</h2>
      <p className="quiet">{words.needsExplained}</p>
      {sorted.length > 0 && (
        <div className="wide" tabIndex={0} role="region" aria-label={words.needs}>
          <table className="listing stacked">
            <thead>
              <tr>
                <th scope="col">{messages.pooling.member}</th>
                <th scope="col">{words.columns.quantities}</th>
                <th scope="col">{words.columns.wished}</th>
                <th scope="col">{words.columns.contract}</th>
                <th scope="col" className="number">
                  {words.columns.alone}
                </th>
                <th scope="col">{words.columns.said}</th>
              </tr>
            </thead>
            <tbody>
              {sorted.map((one) => (
                <tr key={one.id}>
                  <th scope="row">{names.member(one.member)}</th>
                  <td data-label={words.columns.quantities}>
                    {Object.entries(one.need.quantities ?? {})
                      .map(
                        ([unit, value]) =>
                          `${formats.number(Number(value))} ${messages.pooling.units[unit] ?? unit}`,
                      )
                      .join(', ') || messages.none}
                  </td>
                  <td data-label={words.columns.wished}>
                    {one.need.wished == null ? messages.none : formats.date(new Date(one.need.wished))}
                  </td>
                  <td data-label={words.columns.contract}>
                    {one.need.contract == null
                      ? messages.none
                      : words.contractSaid(
                          euros(one.need.contract.yearly),
                          formats.date(new Date(one.need.contract.ends)),
                          Number(one.need.contract.penalty ?? 0) > 0 ? euros(one.need.contract.penalty) : '',
                        )}
                  </td>
                  <td className="number" data-label={words.columns.alone}>
                    {euros(one.need.alone ?? one.need.contract?.yearly)}
                  </td>
                  <td data-label={words.columns.said}>
                    {words.said(one.declared.by_name, formats.date(new Date(one.declared.at)))}
                    {may(one.member) && (
                      <span className="deeds">
                        <button
                          type="button"
                          className="plain"
                          aria-label={words.changeOf(names.member(one.member))}
                          onClick={() => setOpen(one)}
                        >
                          {words.change}
                        </button>{' '}
                        <button
                          type="button"
                          className="plain"
                          aria-label={words.withdrawOf(names.member(one.member))}
                          disabled={withdrawing.isPending}
                          onClick={() => withdrawing.mutate(one.id)}
                        >
                          {words.withdraw}
                        </button>
                      </span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {withdrawing.isError && <Late error={withdrawing.error} reread={() => withdrawing.reset()} />}
      {mayAdd && open === null && (
        <button type="button" className="button" onClick={() => setOpen('new')}>
          {words.declare}
        </button>
      )}
      {open !== null && (
        <NeedForm
          key={open === 'new' ? 'new' : open.id}
          service={service}
          tender={tender}
          before={open === 'new' ? null : open}
          taken={needs.map((one) => one.member)}
          onClose={() => setOpen(null)}
        />
      )}
    </section>
  )
}
