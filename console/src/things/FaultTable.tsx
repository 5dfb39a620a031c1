import type { ImportReport } from '@/api/schema'
import { useSpeech } from '@/language'

/** What is wrong with a file, row by row and column by column. */
export function FaultTable({ report }: { report: ImportReport }) {
  const { messages, formats } = useSpeech()
  const words = messages.things.imports
  return (
    <div
      className="scroll"
      tabIndex={0}
      role="group"
      aria-label={words.wrong(report.faults.length, formats.integer(report.faults.length))}
    >
      <table>
        <thead>
          <tr>
            <th scope="col" className="number">
              {words.columns.row}
            </th>
            <th scope="col">{words.columns.column}</th>
            <th scope="col">{words.columns.fault}</th>
          </tr>
        </thead>
        <tbody>
          {report.faults.map((fault) => (
            <tr key={`${fault.row} ${fault.column} ${fault.detail}`}>
              <td className="number">{formats.integer(fault.row)}</td>
              <th scope="row">
                <code>{fault.column}</code>
              </th>
              <td>{fault.detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
