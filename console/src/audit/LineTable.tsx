import { useState } from 'react'
import type { Line } from '@/api/schema'
import { useSpeech } from '@/language'
import { useOwnerName } from '@/things/names'
import { useDeed, useSubject } from '@/audit/deeds'
import { Detail } from '@/audit/Detail'

/** Deeds, newest first, each opening to what it changed. */
export function LineTable({ lines }: { lines: Line[] }) {
  const { audit: words } = useSpeech().messages
  return (
    <table className="stacked listing lines">
      <caption className="unseen">{words.title}</caption>
      <thead>
        <tr>
          <th scope="col">{words.columns.when}</th>
          <th scope="col">{words.columns.who}</th>
          <th scope="col">{words.columns.what}</th>
          <th scope="col">{words.columns.whose}</th>
          <th scope="col">
            <span className="unseen">{words.details}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {lines.map((one) => (
          <Row key={one.seq} line={one} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ line }: { line: Line }) {
  const { messages, formats } = useSpeech()
  const words = messages.audit
  const [open, setOpen] = useState(false)
  const ownerName = useOwnerName()
  const deed = useDeed()
  const subject = useSubject()
  const at = new Date(line.at)
  const about = subject(line)
  return (
    <>
      <tr>
        <th scope="row">
          <time dateTime={line.at} title={formats.exact(at)}>
            {formats.moment(at)}
          </time>
        </th>
        <td>
          {line.actor_name === '' ? words.actors[line.actor_kind] : line.actor_name}
          {line.actor_kind !== 'person' && line.actor_name !== '' && (
            <span className="quiet"> {words.actors[line.actor_kind]}</span>
          )}
        </td>
        <td>
          {deed(line.action)}
          {about !== '' && <span className="quiet"> {about}</span>}
        </td>
        <td>
          {line.owner == null ? <span className="quiet">{words.ofInstance}</span> : ownerName(line.owner)}
        </td>
        <td className="number">
          <button
            type="button"
            className="plain"
            aria-expanded={open}
            aria-label={words.detailsOf(String(line.seq))}
            onClick={() => setOpen(!open)}
          >
            {words.details}
          </button>
        </td>
      </tr>
      {open && (
        <tr className="unfolded">
          <td colSpan={5}>
            <Detail line={line} />
          </td>
        </tr>
      )}
    </>
  )
}
