import { useQuery } from '@tanstack/react-query'
import { formsQuery } from '@/api/withWhom'
import type { Form } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { WithWhomWays } from '@/pooling/WithWhomWays'
import '@/pooling/pooling.css'

/** Forms of cooperation, side by side then one by one: guidance with its sources, not legal advice. */
export function FormsPage() {
  const { messages } = useSpeech()
  const words = messages.withWhom
  const found = useQuery(formsQuery)
  useTitle(words.forms, words.title)
  return (
    <div className="pooling">
      <Trail
        places={[
          { name: messages.pooling.title, to: '/pooling' },
          { name: words.title, to: '/pooling/with-whom' },
        ]}
        here={words.forms}
      />
      <h1>{words.forms}</h1>
      <WithWhomWays />
      <p className="sentence">{words.formsSaid}.</p>
      <p>
        <strong>{words.notAdvice}</strong> {words.notAdviceDetail}
      </p>
      <Answer query={found} lines={10} page>
        {(forms) => (
          <>
            <Compared forms={forms} />
            {forms.map((form) => (
              <One key={form.code} form={form} />
            ))}
          </>
        )}
      </Answer>
    </div>
  )
}

function Compared({ forms }: { forms: Form[] }) {
  const { messages, language } = useSpeech()
  const words = messages.withWhom
  const said = (yes: boolean) => (yes ? words.yes : words.no)
  return (
    <section className="part">
      <h2>{words.compared}</h2>
      <table className="listing stacked">
        <thead>
          <tr>
            <th scope="col">{words.form}</th>
            <th scope="col">{words.suits}</th>
            <th scope="col">{words.legalPerson}</th>
            <th scope="col">{words.transfers}</th>
          </tr>
        </thead>
        <tbody>
          {forms.map((one) => (
            <tr key={one.code}>
              <th scope="row">
                <a href={`#${one.code}`}>{one.name[language]}</a>
              </th>
              <td data-label={words.suits}>{one.suits[language]}</td>
              <td data-label={words.legalPerson}>{said(one.legal_person)}</td>
              <td data-label={words.transfers}>{said(one.transfers)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function One({ form }: { form: Form }) {
  const { messages, language } = useSpeech()
  const words = messages.withWhom
  const rows = [
    { term: words.deliberation, said: form.deliberation },
    { term: words.duration, said: form.duration },
    { term: words.exit, said: form.exit },
    ...(form.note ? [{ term: words.attention, said: form.note }] : []),
  ]
  return (
    <section className="part form" id={form.code}>
      <h2>{form.name[language]}</h2>
      <p>{form.what[language]}</p>
      <dl className="demands">
        {rows.map(({ term, said }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{said[language]}</dd>
          </div>
        ))}
        <div>
          <dt>{words.sources}</dt>
          <dd>
            {form.sources.map((one, place) => (
              <span key={`${one.code} ${one.article}`}>
                {place > 0 && ', '}
                <a href={one.url} target="_blank" rel="noreferrer" title={one.title}>
                  {one.code} {one.article}
                </a>
              </span>
            ))}
            . <span className="quiet">{form.checked ? words.checked : words.unchecked}</span>
          </dd>
        </div>
      </dl>
    </section>
  )
}
