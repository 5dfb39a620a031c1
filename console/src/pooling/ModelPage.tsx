import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { modelQuery, putModel } from '@/api/pooling'
import type { CostModel, KeptModel } from '@/api/schema'
import { Ago } from '@/design/Ago'
import { Answer } from '@/design/Answer'
import { Trail } from '@/design/Trail'
import { useTitle } from '@/design/title'
import { useSpeech } from '@/language'
import { CostLines } from '@/pooling/CostLines'
import { costOf, draftOf, emptyCost } from '@/pooling/costs'
import { decimal, faultAt, faultsOf, typed } from '@/pooling/faults'
import { keyDraftOf, KeyFields, keyOf } from '@/pooling/KeyFields'
import { Late } from '@/pooling/Late'
import { ModelMembers } from '@/pooling/ModelMembers'
import { useNames, useRights } from '@/pooling/names'
import { Typed } from '@/pooling/Typed'
import '@/pooling/pooling.css'

const route = getRouteApi('/inside/pooling/services/$service/$year/model')

/** The model of costs of a service and a year: what it costs, who belongs to it, the voted key. */
export function ModelPage() {
  const { service, year } = route.useParams()
  const { messages } = useSpeech()
  const words = messages.entering
  const names = useNames()
  const found = useQuery(modelQuery(service, year))
  const title = words.modelTitle(names.service(service), String(year))
  useTitle(title, messages.pooling.title)
  return (
    <div className="pooling">
      <Trail places={[{ name: messages.pooling.title, to: '/pooling' }]} here={title} />
      <h1>{title}</h1>
      <Answer query={found} lines={10} page>
        {(kept) =>
          (kept !== null || names.known) && (
            <Model key={kept?.revision ?? 0} kept={kept} service={service} year={year} />
          )
        }
      </Answer>
    </div>
  )
}

type Props = { kept: KeptModel | null; service: string; year: number }

function Model({ kept, service, year }: Props) {
  const { messages, language } = useSpeech()
  const words = messages.entering
  const rights = useRights()
  const names = useNames()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const [form, setForm] = useState(() => formOf(kept, names.service(service), language))
  const set = (change: Partial<typeof form>) => setForm({ ...form, ...change })
  const keeping = useMutation({
    mutationFn: () => putModel(service, year, modelOf(form, kept), kept?.revision ?? 0),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['pooling'] })
      await navigate({ to: '/pooling/services/$service/$year', params: { service, year } })
    },
  })
  const faults = faultsOf(keeping.error)
  return (
    <form
      className="sheet wider"
      onSubmit={(event) => {
        event.preventDefault()
        keeping.mutate()
      }}
    >
      <p className="sentence">
        {kept ? (
          <>
            {words.revision(String(kept.revision), kept.made.by_name)} <Ago when={new Date(kept.made.at)} />.
          </>
        ) : (
          `${words.newModel}.`
        )}
      </p>
      <div className="fields">
        <Typed
          label={words.modelName}
          className="field grow"
          required
          maxLength={200}
          value={form.name}
          fault={faultAt(faults, 'model.name')}
          onTyped={(name) => set({ name })}
        />
        <Typed
          label={words.votedOn}
          type="date"
          value={form.votedOn}
          fault={faultAt(faults, 'voted_on')}
          onTyped={(votedOn) => set({ votedOn })}
        />
        <Typed
          label={words.act}
          className="field grow"
          maxLength={200}
          value={form.act}
          onTyped={(act) => set({ act })}
        />
      </div>
      <section className="part">
        <h2>{words.costs}</h2>
        <CostLines costs={form.costs} faults={faults} onChanged={(costs) => set({ costs })} />
      </section>
      <section className="part">
        <h2>{words.keyAndMembers}</h2>
        <KeyFields value={form.key} faults={faults} onChanged={(key) => set({ key })} />
        <ModelMembers members={form.members} faults={faults} onChanged={(members) => set({ members })} />
      </section>
      <Typed
        label={words.note}
        hint={words.noteHint}
        maxLength={2000}
        value={form.note}
        onTyped={(note) => set({ note })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={form.example}
          onChange={({ target }) => set({ example: target.checked })}
        />
        {words.isExample}
      </label>
      {keeping.isError && (
        <Late
          error={keeping.error}
          reread={() => void queries.invalidateQueries({ queryKey: ['pooling', 'model', service, year] })}
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

function formOf(kept: KeptModel | null, name: string, language: string) {
  const model = kept?.model
  return {
    name: model?.name ?? name,
    votedOn: model?.voted_on ?? '',
    act: model?.act ?? '',
    note: '',
    example: model?.example ?? false,
    costs: model ? model.costs.map((one) => draftOf(one, language)) : [emptyCost('fixed')],
    key: keyDraftOf(model?.sharing_key ?? { parts: [{ by: 'population', weight: '1' }] }, language),
    members: (model?.members ?? []).map((one) => ({
      member: one.member,
      quantities: Object.fromEntries(
        Object.entries(one.quantities ?? {}).map(([unit, value]) => [unit, typed(value, language)]),
      ),
    })),
  }
}

function modelOf(form: ReturnType<typeof formOf>, kept: KeptModel | null): CostModel {
  return {
    name: form.name.trim(),
    costs: form.costs.map(costOf),
    sharing_key: keyOf(form.key),
    members: form.members.map((one) => ({
      member: one.member,
      quantities: Object.fromEntries(
        Object.entries(one.quantities)
          .filter(([, value]) => value !== '')
          .map(([unit, value]) => [unit, decimal(value)]),
      ),
    })),
    ...(form.votedOn !== '' && { voted_on: form.votedOn }),
    act: form.act.trim(),
    note: form.note.trim(),
    example: form.example,
    ...(kept?.model.accounts != null && { accounts: kept.model.accounts }),
  }
}
