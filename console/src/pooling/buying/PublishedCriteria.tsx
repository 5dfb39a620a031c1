import type { AwardCriterion } from '@/api/schema'
import { useSpeech } from '@/language'

/** The criteria as they were published, and how the price is marked. */
export function PublishedCriteria({ criteria }: { criteria: AwardCriterion[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.award
  if (criteria.length === 0)
    return (
      <section className="part">
        <h2>{words.criteria}</h2>
        <p>{words.priceOnly}</p>
      </section>
    )
  return (
    <section className="part">
      <h2>{words.criteria}</h2>
      <p>{words.criteriaExplained(formats.integer(10))}</p>
      <div className="wide">
        <table className="listing stacked">
          <thead>
            <tr>
              <th scope="col">{words.criterion}</th>
              <th scope="col">{words.aspect}</th>
              <th scope="col" className="number">
                {words.weight}
              </th>
              <th scope="col">{words.about}</th>
            </tr>
          </thead>
          <tbody>
            {criteria.map((one) => (
              <tr key={one.name}>
                <th scope="row">{one.name}</th>
                <td data-label={words.aspect}>{words.aspects[one.aspect]}</td>
                <td className="number value" data-label={words.weight}>
                  {formats.number(Number(one.weight))}
                </td>
                <td data-label={words.about}>{one.about === '' ? '—' : one.about}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!criteria.some((one) => one.aspect === 'environment') && <p>{words.noEnvironment}</p>}
    </section>
  )
}
