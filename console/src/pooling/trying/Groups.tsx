import { useState } from 'react'
import type { MeasuredEffect } from '@/api/schema'
import { useSpeech } from '@/language'
import { useNames } from '@/pooling/names'
import { signed } from '@/pooling/trying/told'

/** The two groups before and after; then unit by unit, with why some count for nothing. */
export function Groups({ effect, whole }: { effect: MeasuredEffect; whole: boolean }) {
  const { messages, formats } = useSpeech()
  const words = messages.experiments
  const figure = (value: number | null | undefined) =>
    value == null ? '—' : formats.quantity(value, effect.unit)
  return (
    <section className="part">
      <h2>{words.table}</h2>
      <div className="wide">
        <table className="listing stacked">
          <thead>
            <tr>
              <th scope="col">{words.group}</th>
              {[words.counted, words.before, words.after, words.change_, words.days].map((title) => (
                <th scope="col" className="number" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(['cohort', 'comparison'] as const).map((name) => {
              const group = effect[name]
              return (
                <tr key={name}>
                  <th scope="row">{words[name]}</th>
                  <td className="number" data-label={words.counted}>
                    {words.countedOf(formats.integer(group.counted), formats.integer(group.units))}
                  </td>
                  <td className="number" data-label={words.before}>
                    {figure(group.before)}
                  </td>
                  <td className="number" data-label={words.after}>
                    {figure(group.after)}
                  </td>
                  <td className="number value" data-label={words.change_}>
                    {group.change == null ? '—' : signed(formats, group.change, effect.unit)}
                  </td>
                  <td className="number" data-label={words.days}>
                    {words.daysOf(formats.integer(group.days), formats.integer(group.days_asked))}
                  </td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <p className="quiet">
        {words.observations(formats.integer(effect.observations), formats.integer(effect.refused))}
        {!whole && ` ${words.ownOnly}`}
      </p>
      <Units effect={effect} />
    </section>
  )
}

const AT_FIRST = 200

function Units({ effect }: { effect: MeasuredEffect }) {
  const { messages, formats, language } = useSpeech()
  const words = messages.experiments
  const names = useNames()
  const figure = (value: number | null | undefined) =>
    value == null ? '—' : formats.quantity(value, effect.unit)
  const [shown, setShown] = useState(AT_FIRST)
  const left = effect.rows.length - shown
  return (
    <details>
      <summary>{words.units}</summary>
      <div className="scroll" tabIndex={0} role="region" aria-label={words.units}>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.unit}</th>
              <th scope="col">{words.group}</th>
              {[words.before, words.after, words.change_, words.daysSeen].map((title) => (
                <th scope="col" className="number" key={title}>
                  {title}
                </th>
              ))}
              <th scope="col">{words.leftOut}</th>
            </tr>
          </thead>
          <tbody>
            {effect.rows.slice(0, shown).map((one) => (
              <tr key={one.key}>
                <th scope="row">
                  {one.name}
                  {one.name !== names.member(one.owner) && (
                    <span className="quiet"> {names.member(one.owner)}</span>
                  )}
                </th>
                <td>{words[one.group]}</td>
                <td className="number">{figure(one.before)}</td>
                <td className="number">{figure(one.after)}</td>
                <td className="number">
                  {one.before == null || one.after == null
                    ? '—'
                    : signed(formats, one.after - one.before, effect.unit)}
                </td>
                <td className="number">
                  {formats.integer(one.days_before)} + {formats.integer(one.days_after)}
                </td>
                <td>{one.left_out?.[language] ?? ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {left > 0 && (
        <button type="button" className="button screen" onClick={() => setShown(effect.rows.length)}>
          {words.moreUnits(formats.integer(left))}
        </button>
      )}
    </details>
  )
}
