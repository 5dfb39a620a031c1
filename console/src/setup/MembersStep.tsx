import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { Entry } from '@/api/schema'
import { membersOf } from '@/api/setup'
import { Trouble } from '@/design/Trouble'
import { useSpeech } from '@/language'
import { ChosenTable } from '@/setup/ChosenTable'
import { countsOf, withEntries, type CollectivityKind } from '@/setup/draft'
import { EntryFinder } from '@/setup/EntryFinder'

const KINDS: CollectivityKind[] = ['departement', 'epci', 'commune']

type Props = { token: string; members: Entry[]; onMembers: (members: Entry[]) => void }

/** The collectivités for which the structure works: one by one, or a whole EPCI or département at once. */
export function MembersStep({ token, members, onMembers }: Props) {
  const { messages, formats } = useSpeech()
  const { setup: words } = messages
  const [said, setSaid] = useState('')
  const [before, setBefore] = useState<Entry[] | null>(null)
  const finder = useRef<HTMLInputElement>(null)
  const add = (entries: Entry[]) => {
    const all = withEntries(members, entries)
    setSaid(words.added(all.length - members.length, formats.integer(all.length - members.length)))
    setBefore(null)
    onMembers(all)
  }
  const adding = useMutation({
    mutationFn: async ({ entry, itself }: { entry: Entry; itself: boolean }) => {
      const inside = await membersOf(token, entry.key)
      return itself ? [entry, ...inside] : inside
    },
    onSuccess: add,
  })
  const inhabitants = (entry: Entry) =>
    words.inhabitants(entry.population ?? 0, formats.integer(entry.population ?? 0))
  const optionsOf = (entry: Entry) => {
    const detail = `${entry.kind === 'commune' ? entry.code : (entry.departement ?? '')} · ${inhabitants(entry)}`
    const alone = { id: entry.key, name: entry.name, detail, pick: () => add([entry]) }
    if (entry.kind === 'commune') return [alone]
    const itself = entry.kind === 'epci'
    const whole = {
      id: `${entry.key}-whole`,
      name: itself ? words.wholeEpci(entry.name) : words.wholeDepartement(entry.name),
      detail,
      pick: () => adding.mutate({ entry, itself }),
    }
    return itself ? [whole, alone] : [whole]
  }
  const takeAway = (key: string) => {
    setSaid('')
    setBefore(null)
    onMembers(members.filter((one) => one.key !== key))
  }
  const clear = () => {
    setBefore(members)
    setSaid(words.cleared)
    onMembers([])
    finder.current?.focus()
  }
  const counts = countsOf(members)
  return (
    <>
      <p className="over">{words.membersIntro}</p>
      <EntryFinder
        token={token}
        label={words.find}
        placeholder={words.findHint}
        kinds={KINDS}
        optionsOf={optionsOf}
        input={finder}
      />
      <p role="status" className="quiet">
        {said}
        {before && (
          <>
            {' '}
            <button
              type="button"
              className="plain"
              onClick={() => {
                onMembers(withEntries(members, before))
                setBefore(null)
                setSaid('')
              }}
            >
              {words.undo}
            </button>
          </>
        )}
      </p>
      {adding.isError && <Trouble error={adding.error} />}
      {members.length === 0 ? (
        <p className="empty">{words.noMember}</p>
      ) : (
        <>
          <p>
            <strong>
              {words.counts(counts, formats.integer(counts.communes), formats.integer(counts.inhabitants))}
            </strong>{' '}
            <button type="button" className="plain" onClick={clear}>
              {words.clear}
            </button>
          </p>
          <ChosenTable members={members} onTaken={takeAway} onEmpty={() => finder.current?.focus()} />
        </>
      )}
    </>
  )
}
