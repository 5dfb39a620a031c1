import { Fragment } from 'react'
import type { Plan } from '@/api/schema'
import { useSpeech } from '@/language'
import { numberOf, rankOf, span, yearOf } from '@/pooling/quarters'

/** The plan as a calendar, service by service: a table, that a screen reader reads too. */
export function Gantt({ plan }: { plan: Plan }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.programme
  const quarters = span(plan.start, plan.quarters)
  const years = [...new Set(quarters.map(yearOf))]
  const services = [...new Set(plan.actions.map((one) => one.service))]
  const said = (quarter: number) => words.quarter(String(rankOf(quarter)), String(yearOf(quarter)))
  return (
    <section className="part">
      <h2>{words.calendar}</h2>
      <div className="scroll gantt" tabIndex={0} role="region" aria-label={words.calendar}>
        <table>
          <caption>
            {words.calendarCaption} <span className="key work" aria-hidden="true" />
            <span className="key run" aria-hidden="true" />
          </caption>
          <thead>
            <tr>
              <th scope="col" rowSpan={2}>
                {words.action}
              </th>
              {years.map((year) => (
                <th
                  scope="colgroup"
                  key={year}
                  colSpan={quarters.filter((one) => yearOf(one) === year).length}
                >
                  {year}
                </th>
              ))}
            </tr>
            <tr>
              {quarters.map((quarter) => (
                <th scope="col" key={quarter} className="quarter">
                  <abbr title={said(quarter)}>
                    {formats.language === 'fr' ? 'T' : 'Q'}
                    {rankOf(quarter)}
                  </abbr>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {services.map((service) => (
              <Fragment key={service}>
                {service !== '' && (
                  <tr className="service">
                    <th scope="rowgroup" colSpan={quarters.length + 1}>
                      {service}
                    </th>
                  </tr>
                )}
                {plan.actions
                  .filter((one) => one.service === service)
                  .map((one) => {
                    const [start, end] = [numberOf(one.start), numberOf(one.in_service)]
                    return (
                      <tr key={one.action}>
                        <th scope="row">
                          {one.action}
                          <span className="quiet"> {formats.euros(one.cost)}</span>
                        </th>
                        {quarters.map((quarter) => {
                          const state = quarter < start ? '' : quarter < end ? 'work' : 'run'
                          return (
                            <td key={quarter} className={state}>
                              {state !== '' && (
                                <span className="unseen">
                                  {state === 'work' ? words.works : words.running}
                                </span>
                              )}
                            </td>
                          )
                        })}
                      </tr>
                    )
                  })}
              </Fragment>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
