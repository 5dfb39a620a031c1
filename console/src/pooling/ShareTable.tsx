import { useState } from 'react'
import type { Sharing, SharesFound } from '@/api/schema'
import { useSpeech } from '@/language'
import { useNames } from '@/pooling/names'

const FIRST = ['key', 'nearest', 'shapley', 'proportional-standalone']
const AT_MOST = 20

/** What each pays by the methods chosen, beside what it would pay alone; the whole in the foot. */
export function ShareTable({ found, members }: { found: SharesFound; members: number }) {
  const { messages, formats, language } = useSpeech()
  const words = messages.pooling.shares
  const names = useNames()
  const [chosen, setChosen] = useState(FIRST)
  const shown = found.sharings.filter((one) => chosen.includes(one.method))
  const rows = Object.keys(found.alone).toSorted(
    (one, other) =>
      Number(found.sharings[0]?.amounts[other] ?? 0) - Number(found.sharings[0]?.amounts[one] ?? 0) ||
      names.member(one).localeCompare(names.member(other), language),
  )
  const titleOf = (one: Sharing) => words.method[one.method] ?? one.title[language]
  const amount = (value: string | undefined) =>
    value === undefined ? messages.none : formats.euros(Number(value))
  return (
    <section className="part">
      <h2>{words.table}</h2>
      <fieldset className="ways-in">
        <legend>{words.methods}</legend>
        {found.sharings.map((one) => (
          <label key={one.method}>
            <input
              type="checkbox"
              checked={chosen.includes(one.method)}
              onChange={({ target }) =>
                setChosen(
                  target.checked ? [...chosen, one.method] : chosen.filter((method) => method !== one.method),
                )
              }
            />
            {titleOf(one)}
          </label>
        ))}
      </fieldset>
      {members > AT_MOST && <p className="quiet">{words.many}</p>}
      <div className="scroll sharings" tabIndex={0} role="region" aria-label={words.table}>
        <table>
          <caption>{words.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{messages.pooling.member}</th>
              {shown.map((one) => (
                <th scope="col" key={one.method} className="number">
                  {titleOf(one)}
                </th>
              ))}
              <th scope="col" className="number">
                {words.alone}
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((member) => (
              <tr key={member}>
                <th scope="row">{names.member(member)}</th>
                {shown.map((one) => (
                  <td key={one.method} className="number">
                    {amount(one.amounts[member])}
                  </td>
                ))}
                <td className="number quiet">{amount(found.alone[member])}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{messages.pooling.total}</th>
              {shown.map((one) => (
                <td key={one.method} className="number">
                  {one.refused
                    ? words.refused
                    : formats.euros(Number(found.total) - Number(one.subsidy ?? 0))}
                </td>
              ))}
              <td />
            </tr>
            <tr>
              <th scope="row">{words.stability}</th>
              {shown.map((one) => (
                <td key={one.method} className="number verdict">
                  {one.refused
                    ? messages.none
                    : !one.stable
                      ? words.no(formats.euros(Number(one.excess)))
                      : Number(one.subsidy ?? 0) > 0
                        ? words.withSubsidy(formats.euros(Number(one.subsidy)))
                        : words.yes}
                </td>
              ))}
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
    </section>
  )
}
