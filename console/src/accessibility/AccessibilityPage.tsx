import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { conformanceQuery } from '@/api/access'
import type { Conformance } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'

/** The day on which what is said here was last compared with what is tested. */
const DRAWN_UP = new Date('2026-11-26T12:00Z')
const LAW = 'https://www.legifrance.gouv.fr/loda/article_lc/LEGIARTI000037388867'
const RGAA = 'https://accessibilite.numerique.gouv.fr/'
const DEFENDER = {
  write: 'https://formulaire.defenseurdesdroits.fr/',
  meet: 'https://www.defenseurdesdroits.fr/carte-des-delegues',
}

/** The accessibility statement, on the model of RGAA 4.1: public, and no kinder than what was tested. */
export function AccessibilityPage() {
  const words = useSpeech().messages.accessibility
  useTitle(words.title)
  return (
    <article className="statement">
      <h1>{words.title}</h1>
      <Answer query={useQuery(conformanceQuery)} lines={8}>
        {(told) => <Statement told={told} />}
      </Answer>
    </article>
  )
}

function Statement({ told }: { told: Conformance }) {
  const { messages, formats } = useSpeech()
  const words = messages.accessibility
  const audited =
    told.audited == null || told.rate == null
      ? words.noAudit
      : words.audit(
          formats.date(new Date(`${told.audited}T12:00Z`)),
          formats.number(told.rate),
          told.auditor ?? '',
        )
  return (
    <>
      <p className="sentence">{words.levels[told.level]}</p>
      <p>{words.commitment(told.structure)}</p>
      <p>
        <a href={LAW}>{words.law}</a>
      </p>
      <p>{words.scope(window.location.host)}</p>
      {(told.plan_url ?? '') === '' ? (
        <p>{words.noPlan}</p>
      ) : (
        <p>
          <a href={told.plan_url}>{words.plan}</a>
        </p>
      )}

      <h2>{words.stateTitle}</h2>
      <p>{words.state(told.structure, words.adjectives[told.level])}</p>
      <p>{audited}</p>
      <p>
        <a href={RGAA}>{words.rgaa}</a>
      </p>

      <Listed title={words.testedTitle} intro={words.testedIntro} items={words.tested} />
      <Listed title={words.untestedTitle} intro={words.untestedIntro} items={words.untested} />
      <Listed title={words.knownTitle} intro={words.knownIntro} items={words.known} />
      <Listed title={words.exemptTitle} intro={words.exemptIntro} items={words.exempt} />

      <h2>{words.drawnUpTitle}</h2>
      <p>{words.drawnUp(formats.date(DRAWN_UP))}</p>
      <Listed items={words.means} />

      <h2>{words.contactTitle}</h2>
      <p>{words.contactExplained}</p>
      <p>
        <Contact contact={told.contact ?? ''} structure={told.structure} />
      </p>

      <h2>{words.appealTitle}</h2>
      <p>{words.appealExplained}</p>
      <ul>
        <li>
          <a href={DEFENDER.write}>{words.appeals.write}</a>
        </li>
        <li>
          <a href={DEFENDER.meet}>{words.appeals.meet}</a>
        </li>
        <li>{words.appeals.call}</li>
        <li>{words.appeals.post}</li>
      </ul>
    </>
  )
}

function Listed({ title, intro, items }: { title?: string; intro?: string; items: readonly ReactNode[] }) {
  return (
    <>
      {title !== undefined && <h2>{title}</h2>}
      {intro !== undefined && <p>{intro}</p>}
      <ul>
        {items.map((one, place) => (
          <li key={place}>{one}</li>
        ))}
      </ul>
    </>
  )
}

/** An e-mail, the address of a form, or whom to turn to when the structure says neither. */
function Contact({ contact, structure }: { contact: string; structure: string }) {
  const words = useSpeech().messages.accessibility
  if (contact === '') return <>{words.noContact(structure)}</>
  if (/^https?:\/\//.test(contact)) return <a href={contact}>{words.form(structure)}</a>
  return contact.includes('@') ? <a href={`mailto:${contact}`}>{contact}</a> : <>{contact}</>
}
