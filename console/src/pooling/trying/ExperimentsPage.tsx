import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { experimentsQuery } from '@/api/experiments'
import type { ExperimentLine } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { Example } from '@/pooling/Example'
import { useNames, useRights } from '@/pooling/names'
import { dayOf } from '@/pooling/days'
import '@/pooling/pooling.css'
import '@/pooling/trying/trying.css'

/** The register: what is tried, where it is, what was decided. */
export function ExperimentsPage() {
  const { messages } = useSpeech()
  const words = messages.experiments
  const rights = useRights()
  const known = useQuery(experimentsQuery)
  useTitle(words.title, messages.pooling.title)
  return (
    <div className="pooling">
      <Trail places={[{ name: messages.pooling.title, to: '/pooling' }]} here={words.title} />
      <h1>{words.title}</h1>
      <Answer query={known} lines={6}>
        {(lines) => <Register lines={lines} />}
      </Answer>
      {rights.edits && (
        <div className="fields end screen">
          <Link className="button main" to="/pooling/experiments/new">
            {words.make}
          </Link>
        </div>
      )}
    </div>
  )
}

function Register({ lines }: { lines: ExperimentLine[] }) {
  const { messages, formats } = useSpeech()
  const { columns, ...words } = messages.experiments
  const names = useNames()
  if (lines.length === 0)
    return (
      <div className="empty">
        <p>{words.none}.</p>
        <p className="quiet">{words.noneDetail}</p>
      </div>
    )
  const deciding = lines.filter((one) => one.about.state === 'to-decide' && one.decision == null).length
  return (
    <>
      <p className="sentence">
        {words.sentence(lines.length, formats.integer(lines.length))}
        {deciding > 0 && words.ofWhich(formats.integer(deciding))}.
      </p>
      <p>{words.intro}</p>
      <section className="part">
        <div className="wide">
          <table className="listing stacked">
            <thead>
              <tr>
                {[columns.name, columns.state, columns.groups, columns.decideBy, columns.decision].map(
                  (title) => (
                    <th scope="col" key={title}>
                      {title}
                    </th>
                  ),
                )}
              </tr>
            </thead>
            <tbody>
              {lines.map(({ about, decision }) => (
                <tr key={about.key}>
                  <th scope="row">
                    <Link to="/pooling/experiments/$key" params={{ key: about.key }}>
                      {about.name}
                    </Link>
                    <span className="quiet"> {names.service(about.service)}</span>{' '}
                    {about.example && <Example explained={words.exampleExplained} />}
                  </th>
                  <td data-label={columns.state}>
                    {words.states[decision == null ? about.state : 'decided']}
                  </td>
                  <td data-label={columns.groups}>
                    {words.groups(formats.integer(about.cohort), formats.integer(about.comparison))}
                  </td>
                  <td data-label={columns.decideBy}>
                    {formats.date(dayOf(about.decide_by))}
                    {about.overdue && decision == null && <strong> ({words.overdue})</strong>}
                  </td>
                  <td data-label={columns.decision}>
                    {decision == null ? words.undecided : words.decided[decision]}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  )
}
