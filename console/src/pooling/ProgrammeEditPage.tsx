import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { programmeQuery, putProgramme } from '@/api/pooling'
import type { KeptProgramme, Programme } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useNow } from '@/design/now'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { faultsOf, toldElsewhere, toldOf } from '@/pooling/faults'
import { Late } from '@/pooling/Late'
import { useRights } from '@/pooling/names'
import { NumberBox } from '@/pooling/NumberBox'
import { ProgrammeActions } from '@/pooling/ProgrammeActions'
import { ProgrammeChoices } from '@/pooling/ProgrammeChoices'
import { Note, QuarterChoice, Wrong } from '@/pooling/ProgrammeFields'
import { ProgrammeLimits } from '@/pooling/ProgrammeLimits'
import { ProgrammeSilos } from '@/pooling/ProgrammeSilos'
import { ProgrammeStaff } from '@/pooling/ProgrammeStaff'
import { ProgrammeTies } from '@/pooling/ProgrammeTies'
import { ProgrammeWeights } from '@/pooling/ProgrammeWeights'
import { Typed } from '@/pooling/Typed'
import '@/pooling/pooling.css'

const SHOWN = [
  'name',
  'start',
  'quarters',
  'valued_quarters',
  'discount_rate',
  'score_weight',
  'criteria',
  'members',
  'silos',
  'staff',
  'actions',
  'setups',
  'synergies',
  'budgets',
  'carry_over',
  'precedences',
  'alternatives',
  'pins',
  'forbids',
] as const
/** Offered as the first of the plan, from the year before: ten years. */
const STARTS = 40

/** The document of a programme, without writing JSON: whatever it may say has its field. */
export function ProgrammeEditPage() {
  const { key } = useParams({ strict: false })
  return key === undefined ? <New /> : <Kept programme={key} />
}

function Kept({ programme }: { programme: string }) {
  const { messages } = useSpeech()
  const words = messages.entering
  const found = useQuery(programmeQuery(programme))
  const title = words.editTitle(found.data?.about.name ?? messages.pooling.programmes)
  useTitle(title, messages.pooling.title)
  return (
    <div className="pooling">
      <Trail places={[{ name: messages.pooling.title, to: '/pooling' }]} here={title} />
      <h1>{title}</h1>
      <Answer query={found} lines={10} page>
        {(kept) => <Edited key={kept.about.revision} kept={kept} first={kept.document} />}
      </Answer>
    </div>
  )
}

function New() {
  const { messages } = useSpeech()
  const words = messages.entering
  const year = useNow().getFullYear() + 1
  useTitle(words.newProgramme, messages.pooling.title)
  const first = { name: '', start: `${year}-Q1`, quarters: 12, actions: [] } as unknown as Programme
  return (
    <div className="pooling">
      <Trail places={[{ name: messages.pooling.title, to: '/pooling' }]} here={words.newProgramme} />
      <h1>{words.newProgramme}</h1>
      <Edited kept={null} first={first} />
    </div>
  )
}

function Edited({ kept, first }: { kept: KeptProgramme | null; first: Programme }) {
  const { messages } = useSpeech()
  const words = messages.entering
  const rights = useRights()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [document, setDocument] = useState(first)
  const form = useRef<HTMLFormElement>(null)
  const year = useNow().getFullYear()
  const keeping = useMutation({
    mutationFn: () =>
      putProgramme(kept?.about.key ?? null, document, kept?.about.revision ?? 0, kept ?? undefined),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['pooling'] })
      await navigate({ to: '/pooling/programmes/$key', params: { key: made.about.key } })
    },
  })
  // Once what is wrong is on the page, not a moment after it was answered.
  useEffect(() => {
    if (keeping.error && form.current) toFirstFault(form.current)
  }, [keeping.error])
  const faults = faultsOf(keeping.error).map((one) => ({
    ...one,
    field: one.field.replace(/^document\./, ''),
  }))
  const set = (change: Partial<Programme>) => setDocument({ ...document, ...change })
  const parts = { document, faults, onChanged: setDocument }
  return (
    <form
      className="sheet wider"
      ref={form}
      onInvalidCapture={({ target }) => opened(target)}
      onSubmit={(event) => {
        event.preventDefault()
        keeping.mutate()
      }}
    >
      <p className="quiet">{words.programmeExplained}</p>
      <div className="fields">
        <Typed
          label={words.programmeName}
          className="field grow"
          required
          maxLength={200}
          value={document.name}
          fault={toldOf(faults, 'name')}
          onTyped={(name) => set({ name })}
        />
        <QuarterChoice
          label={words.start}
          start={`${year - 1}-Q1`}
          quarters={STARTS}
          value={document.start}
          fault={toldOf(faults, 'start')}
          onChosen={(start) => set({ start: start ?? document.start })}
        />
        <NumberBox
          label={words.quarters}
          required
          whole
          value={document.quarters}
          fault={toldOf(faults, 'quarters')}
          onNumber={(quarters) => set({ quarters: quarters ?? 1 })}
        />
        <NumberBox
          label={words.valuedQuarters}
          whole
          value={document.valued_quarters}
          fault={toldOf(faults, 'valued_quarters')}
          onNumber={(valued) => set({ valued_quarters: valued ?? null })}
        />
        <NumberBox
          label={words.discount}
          value={document.discount_rate}
          fault={toldOf(faults, 'discount_rate')}
          onNumber={(rate) => set({ discount_rate: rate ?? 0 })}
        />
        <NumberBox
          label={words.scoreWeight}
          hint={words.scoreWeightHint}
          value={document.score_weight}
          fault={toldOf(faults, 'score_weight')}
          onNumber={(weight) => set({ score_weight: weight ?? 0 })}
        />
      </div>
      <Note note={document.note} onChanged={(note) => set({ note })} />
      <ProgrammeWeights {...parts} />
      <ProgrammeSilos {...parts} />
      <ProgrammeStaff {...parts} />
      <ProgrammeActions {...parts} />
      <ProgrammeTies {...parts} />
      <ProgrammeLimits {...parts} />
      <ProgrammeChoices {...parts} />
      <Wrong said={toldElsewhere(faults, SHOWN)} />
      {keeping.isError && (
        <Late
          error={keeping.error}
          reread={() => void queries.invalidateQueries({ queryKey: ['pooling', 'programme'] })}
        />
      )}
      {rights.edits ? (
        <button type="submit" className="button main" disabled={keeping.isPending}>
          {words.keepRevision}
        </button>
      ) : (
        <p className="quiet">{words.editorsOnly}</p>
      )}
    </form>
  )
}

/** What is missing in a part that is folded is shown: a browser says nothing of what it cannot reach. */
function opened(target: EventTarget) {
  if (!(target instanceof Element)) return
  for (let part = target.closest('details'); part; part = part.parentElement?.closest('details') ?? null)
    part.open = true
}

/** What is wrong is shown, also in a part that is folded, and read first. */
function toFirstFault(form: HTMLFormElement) {
  const said = form.querySelector('.fault')
  if (said) opened(said)
  const field =
    said?.closest('.field')?.querySelector('input, select') ??
    said?.closest('fieldset')?.querySelector('input')
  if (field instanceof HTMLElement) field.focus()
  else said?.scrollIntoView({ block: 'center' })
}
