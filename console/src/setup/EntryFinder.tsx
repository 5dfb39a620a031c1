import { useQuery } from '@tanstack/react-query'
import { useState, type Ref } from 'react'
import { entriesQuery } from '@/api/setup'
import type { Entry } from '@/api/schema'
import { Combobox, type Option } from '@/finding/Combobox'
import { usePaused } from '@/finding/found'
import { useMessages } from '@/language'
import type { CollectivityKind } from '@/setup/draft'

const LEAST = 2
const ORDER: CollectivityKind[] = ['departement', 'epci', 'commune']

type Props = {
  token: string
  label: string
  placeholder: string
  kinds: CollectivityKind[]
  optionsOf: (entry: Entry) => Option[]
  input?: Ref<HTMLInputElement>
}

/** Finds collectivités of the referential by name, code or postcode. */
export function EntryFinder({ token, label, placeholder, kinds, optionsOf, input }: Props) {
  const { setup: words } = useMessages()
  const [typed, setTyped] = useState('')
  const text = usePaused(typed.trim())
  const asked = text.length >= LEAST
  const found = useQuery({ ...entriesQuery(token, text, kinds), enabled: asked })
  const entries = asked ? (found.data ?? []) : []
  const options = (entry: Entry) =>
    optionsOf(entry).map((option) => ({
      ...option,
      pick: () => {
        setTyped('')
        option.pick()
      },
    }))
  const groups = ORDER.map((kind) => ({
    title: words.kinds[kind as keyof typeof words.kinds],
    options: entries.filter((one) => one.kind === kind).flatMap(options),
  }))
  const looking = typed.trim() !== text || found.isFetching
  const none = entries.length === 0
  return (
    <Combobox
      label={label}
      text={typed}
      onText={setTyped}
      groups={groups}
      placeholder={placeholder}
      note={found.isError ? words.findFailed : none ? (looking ? words.looking : words.noneFound) : undefined}
      {...(input === undefined ? {} : { input })}
    />
  )
}
