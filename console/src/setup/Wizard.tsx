import { useMutation, type QueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { signInWith } from '@/access/session'
import { statusOf } from '@/api/client'
import type { Setup } from '@/api/schema'
import { found } from '@/api/setup'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { countsOf, forget, foundingOf, remember, remembered, type Draft } from '@/setup/draft'
import { MembersStep } from '@/setup/MembersStep'
import { PersonStep } from '@/setup/PersonStep'
import { Ready } from '@/setup/Ready'
import { ServicesStep } from '@/setup/ServicesStep'
import { StructureStep } from '@/setup/StructureStep'

const STEPS = ['person', 'structure', 'members', 'services', 'ready'] as const
type Step = (typeof STEPS)[number]
const FOUNDED = 409

type Props = { token: string; asked: Setup }

/** Four steps, then everything is made at once. */
export function Wizard({ token, asked }: Props) {
  const { language, messages } = useSpeech()
  const { setup: words, access } = messages
  const [step, setStep] = useState<Step>('person')
  const [draft, setDraft] = useState(remembered)
  const [password, setPassword] = useState('')
  const services = draft.services ?? asked.services.map((one) => one.code)
  const change = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  useEffect(() => remember(draft), [draft])
  useTitle(words.steps[step], words.title)

  const founding = useMutation({
    mutationFn: async () => {
      try {
        return await found(token, foundingOf(draft, { password, language, services }))
      } catch (error) {
        // The answer to a first try may have been lost: who made the account is let in.
        if (statusOf(error) !== FOUNDED) throw error
        return await signInWith({ email: draft.email, password }).catch(() => Promise.reject(error as Error))
      }
    },
    onSuccess: (_, __, ___, { client }) => {
      forget()
      keepSetup(client)
      setStep('ready')
    },
  })
  const at = STEPS.indexOf(step)
  const next = () => {
    if (step === 'services') founding.mutate()
    else setStep(STEPS[at + 1] ?? step)
  }
  return (
    <div className="setup">
      <Steps step={step} />
      <StepHeading step={step} />
      {founding.isError && step !== 'ready' && (
        <Trouble error={founding.error}>
          {statusOf(founding.error) === FOUNDED && <Link to="/sign-in">{access.signIn}</Link>}
        </Trouble>
      )}
      {step === 'ready' ? (
        <Ready />
      ) : (
        <form
          className="sheet"
          onSubmit={(event) => {
            event.preventDefault()
            next()
          }}
        >
          {step === 'person' && (
            <PersonStep draft={draft} password={password} onDraft={change} onPassword={setPassword} />
          )}
          {step === 'structure' && (
            <StructureStep token={token} zone={asked.time_zone} draft={draft} onDraft={change} />
          )}
          {step === 'members' && (
            <MembersStep token={token} members={draft.members} onMembers={(members) => change({ members })} />
          )}
          {step === 'services' && (
            <>
              <ServicesStep
                services={asked.services}
                chosen={services}
                onChosen={(codes) => change({ services: codes })}
              />
              <Recap draft={draft} services={services.length} />
            </>
          )}
          <div className="ways">
            {at > 0 && (
              <button type="button" className="button" onClick={() => setStep(STEPS[at - 1] ?? step)}>
                {words.back}
              </button>
            )}
            <button
              type="submit"
              className="button main"
              disabled={founding.isPending || (step === 'services' && services.length === 0)}
            >
              {founding.isPending ? words.making : step === 'services' ? words.make : words.next}
            </button>
          </div>
        </form>
      )}
    </div>
  )
}

/** Of what the cache holds, the first run alone stays: the page that shows its end goes on. */
function keepSetup(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== 'setup' })
}

function Steps({ step }: { step: Step }) {
  const { setup: words } = useSpeech().messages
  const at = STEPS.indexOf(step)
  return (
    <ol className="setup-steps" aria-label={words.title}>
      {STEPS.map((one, rank) => (
        <li key={one} className={rank < at ? 'done' : ''} aria-current={one === step ? 'step' : undefined}>
          {words.steps[one]}
        </li>
      ))}
    </ol>
  )
}

/** A reader's place moves to it at each change of step. */
function StepHeading({ step }: { step: Step }) {
  const { setup: words } = useSpeech().messages
  const heading = useRef<HTMLHeadingElement>(null)
  const before = useRef(step)
  useEffect(() => {
    if (before.current !== step) heading.current?.focus()
    before.current = step
  }, [step])
  return (
    <h1 ref={heading} tabIndex={-1}>
      {words.headings[step]}
    </h1>
  )
}

/** What is about to be made, in a sentence. */
function Recap({ draft, services }: { draft: Draft; services: number }) {
  const { messages, formats } = useSpeech()
  const { setup: words } = messages
  const counts = countsOf(draft.members)
  const members =
    draft.members.length === 0
      ? words.noMemberYet
      : words.counts(counts, formats.integer(counts.communes), formats.integer(counts.inhabitants))
  return <p className="recap">{words.recap(draft.structure, members, services, draft.name)}</p>
}
