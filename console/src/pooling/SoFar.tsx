import { useQuery } from '@tanstack/react-query'
import { soFarQuery } from '@/api/pooling'
import { useNow } from '@/design/now'
import { useSpeech } from '@/language'
import { useNames } from '@/pooling/names'

/** The month that goes on, in the year that does: as counted now, and not kept. */
export function SoFar({ member, year }: { member: string; year: number }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling
  const names = useNames()
  const present = useNow().getFullYear() === year
  const found = useQuery({ ...soFarQuery(member), enabled: present })
  if (!present || !found.data || found.data.length === 0) return null
  return (
    <section className="part">
      <h2>{words.return.soFar}</h2>
      <div className="wide">
        <table className="listing stacked">
          <thead>
            <tr>
              <th scope="col">{words.service}</th>
              {[words.return.devices, words.return.messages, words.return.observations].map((title) => (
                <th scope="col" key={title} className="number">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.data.map((one) => (
              <tr key={one.service}>
                <th scope="row">{names.service(one.service)}</th>
                <td className="number" data-label={words.return.devices}>
                  {formats.integer(one.figures.devices)}
                </td>
                <td className="number" data-label={words.return.messages}>
                  {formats.integer(one.figures.messages)}
                </td>
                <td className="number" data-label={words.return.observations}>
                  {formats.integer(one.figures.observations)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
