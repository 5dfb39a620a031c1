import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { experimentQuery, keepExperiment } from '@/api/experiments'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { Trouble } from '@/design/Trouble'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { AboutFields, MoneyFields, PeriodFields } from '@/pooling/trying/fields'
import { Candidates } from '@/pooling/trying/Candidates'
import { EMPTY, type Draft } from '@/pooling/trying/draft'
import '@/pooling/pooling.css'
import '@/pooling/trying/trying.css'

const route = getRouteApi('/inside/pooling/experiments/$key/change')

/** A new experiment, to be registered. */
export function NewExperimentPage() {
  const { form } = useSpeech().messages.experiments
  return (
    <Framed title={form.title}>
      <Form initial={EMPTY} revision={0} />
    </Framed>
  )
}

/** Another revision of one that is there: what was decided stays with the revision it was decided of. */
export function ChangeExperimentPage() {
  const { key } = route.useParams()
  const { form } = useSpeech().messages.experiments
  const found = useQuery(experimentQuery(key))
  return (
    <Framed title={form.changing(found.data?.kept.about.name ?? '')}>
      <Answer query={found} lines={8}>
        {({ kept }) => <Form initial={kept.document} revision={kept.about.revision} of={key} />}
      </Answer>
    </Framed>
  )
}

function Framed({ title, children }: { title: string; children: React.ReactNode }) {
  const { messages } = useSpeech()
  const words = messages.experiments
  useTitle(title, words.title)
  const places: NonNullable<Parameters<typeof Trail>[0]['places']> = [
    { name: messages.pooling.title, to: '/pooling' },
    { name: words.title, to: '/pooling/experiments' },
  ]
  return (
    <div className="pooling">
      <Trail places={places} here={title} />
      <h1>{title}</h1>
      {children}
    </div>
  )
}

function Form({ initial, revision, of }: { initial: Draft; revision: number; of?: string }) {
  const words = useSpeech().messages.experiments
  const navigate = useNavigate()
  const [draft, setDraft] = useState(initial)
  const set = (change: Partial<Draft>) => setDraft({ ...draft, ...change })
  const keeping = useMutation({
    mutationFn: () => keepExperiment(of, draft, revision),
    onSuccess: async ({ about }, _, __, { client }) => {
      await client.invalidateQueries({ queryKey: ['pooling'] })
      await navigate({ to: '/pooling/experiments/$key', params: { key: about.key } })
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        keeping.mutate()
      }}
    >
      <AboutFields draft={draft} set={set} />
      <PeriodFields draft={draft} set={set} />
      <Candidates draft={draft} set={set} />
      <MoneyFields draft={draft} set={set} />
      <div className="fields end">
        <button type="submit" className="button main" disabled={keeping.isPending}>
          {words.form.save}
        </button>
        {of === undefined ? (
          <Link className="button" to="/pooling/experiments">
            {words.form.cancel}
          </Link>
        ) : (
          <Link className="button" to="/pooling/experiments/$key" params={{ key: of }}>
            {words.form.cancel}
          </Link>
        )}
      </div>
      {keeping.isError && <Trouble error={keeping.error} />}
    </form>
  )
}
