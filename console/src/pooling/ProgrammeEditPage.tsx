import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { programmeQuery, putProgramme } from '@/api/pooling'
import type { KeptProgramme, Programme } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useNow } from '@/design/now'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { faultAt, faultsOf } from '@/pooling/faults'
import { Late } from '@/pooling/Late'
import { useRights } from '@/pooling/names'
import { NumberBox } from '@/pooling/NumberBox'
import { ProgrammeActions } from '@/pooling/ProgrammeActions'
import { ProgrammeLimits } from '@/pooling/ProgrammeLimits'
import { ProgrammeSilos } from '@/pooling/ProgrammeSilos'
import { ProgrammeWeights } from '@/pooling/ProgrammeWeights'
import { Typed } from '@/pooling/Typed'
import '@/pooling/pooling.css'

/** The document of a programme, without writing JSON; what has no field here stays as it is. */
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
  const keeping = useMutation({
    mutationFn: () =>
      putProgramme(kept?.about.key ?? null, document, kept?.about.revision ?? 0, kept ?? undefined),
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['pooling'] })
      await navigate({ to: '/pooling/programmes/$key', params: { key: made.about.key } })
    },
  })
  const faults = faultsOf(keeping.error)
  const set = (change: Partial<Programme>) => setDocument({ ...document, ...change })
  const parts = { document, faults, onChanged: setDocument }
  return (
    <form
      className="sheet wider"
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
          value={document.name}
          fault={faultAt(faults, 'document.name')}
          onTyped={(name) => set({ name })}
        />
        <Typed
          label={words.start}
          hint={words.quarterHint}
          className="field port"
          required
          pattern="[0-9]{4}-Q[1-4]"
          value={document.start}
          fault={faultAt(faults, 'document.start')}
          onTyped={(start) => set({ start })}
        />
        <NumberBox
          label={words.quarters}
          required
          value={document.quarters}
          fault={faultAt(faults, 'quarters')}
          onNumber={(quarters) => set({ quarters: quarters ?? 1 })}
        />
        <NumberBox
          label={words.valuedQuarters}
          value={document.valued_quarters}
          fault={faultAt(faults, 'valued_quarters')}
          onNumber={(valued) => set({ valued_quarters: valued ?? null })}
        />
        <NumberBox
          label={words.discount}
          value={document.discount_rate}
          fault={faultAt(faults, 'discount_rate')}
          onNumber={(rate) => set({ discount_rate: rate ?? 0 })}
        />
        <NumberBox
          label={words.scoreWeight}
          hint={words.scoreWeightHint}
          value={document.score_weight}
          fault={faultAt(faults, 'score_weight')}
          onNumber={(weight) => set({ score_weight: weight ?? 0 })}
        />
      </div>
      <ProgrammeWeights {...parts} />
      <ProgrammeSilos {...parts} />
      <ProgrammeActions {...parts} />
      <ProgrammeLimits {...parts} />
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
  if (target instanceof Element) target.closest('details')?.setAttribute('open', '')
}
