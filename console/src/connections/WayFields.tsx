import type { Kind } from '@/api/schema'
import { BrokerFields } from '@/connections/BrokerFields'
import { FolderFields, PollFields } from '@/connections/FetchFields'
import { Guide } from '@/connections/Guide'
import { SftpFields } from '@/connections/SftpFields'
import type { Typed, Way } from '@/connections/ways'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'

export const ANY_JSON = 'json'
export const TABLE = 'table'

type WayProps = {
  way: Way
  kind: Kind
  owner: string
  typed: Typed
  onTyped: (typed: Typed) => void
}

/** What a way needs to be told. */
export function WayFields({ way, kind, owner, typed, onTyped }: WayProps) {
  switch (way) {
    case 'http':
      return null
    case 'mqtt':
      return <BrokerFields kind={kind} typed={typed.mqtt} onTyped={(mqtt) => onTyped({ ...typed, mqtt })} />
    case 'poll':
      return <PollFields typed={typed.poll} onTyped={(poll) => onTyped({ ...typed, poll })} />
    case 'folder':
      return (
        <FolderFields
          owner={owner}
          typed={typed.folder}
          onTyped={(folder) => onTyped({ ...typed, folder })}
        />
      )
    case 'sftp':
      return <SftpFields owner={owner} typed={typed.sftp} onTyped={(sftp) => onTyped({ ...typed, sftp })} />
  }
}

type MappingProps = { kind: Kind; mapping: string; onMapping: (text: string) => void }

/** What the documents mean, for kinds that say nothing of it themselves. */
export function MappingField({ kind, mapping, onMapping }: MappingProps) {
  const { language, messages } = useSpeech()
  const words = messages.connections.form
  const tabular = kind.kind === TABLE
  if (!tabular && kind.kind !== ANY_JSON) return null
  return (
    <>
      <Field
        label={tabular ? words.tableMapping : words.mapping}
        hint={tabular ? words.tableMappingHint : words.mappingHint}
      >
        {(named) => (
          <textarea
            {...named}
            rows={tabular ? 12 : 8}
            spellCheck={false}
            required={tabular}
            value={mapping}
            onChange={(event) => onMapping(event.target.value)}
          />
        )}
      </Field>
      <details>
        <summary>{words.howToWrite}</summary>
        <Guide transport="http" markdown={kind.guide[language]} />
      </details>
    </>
  )
}
