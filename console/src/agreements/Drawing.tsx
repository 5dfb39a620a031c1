import { pictureOf, type Box, type Line } from '@/agreements/flows'
import { useTold } from '@/agreements/told'
import type { Agreement } from '@/api/schema'
import { useNow } from '@/design/now'
import { useSpeech } from '@/language'
import { useOwnerName } from '@/things/names'

/** Height of a row, in rem. */
const ROW = 4
/** Where the columns of boxes end and begin, in hundredths of the width. */
const ENDS = { giver: [28, 36], receiver: [64, 72] } as const

/** Who gives, what, to whom. The table below says the same: what is read aloud is the table. */
export function Drawing({ agreements }: { agreements: Agreement[] }) {
  const { messages, formats } = useSpeech()
  const words = messages.agreements
  const now = useNow()
  const told = useTold()
  const of = useOwnerName()
  const others = (count: number) => words.others(count, formats.integer(count))
  const { givers, subjects, receivers, lines, rows } = pictureOf(
    agreements.map((one) => told(one, now)),
    { of, others },
  )
  const height = `${rows * ROW}rem`
  return (
    <figure className="flows" aria-hidden="true">
      <div className="flows-heads">
        <span>{words.columns.giver}</span>
        <span>{words.columns.what}</span>
        <span>{words.columns.receiver}</span>
      </div>
      <div className="flows-ground" style={{ height }}>
        <svg viewBox={`0 0 100 ${rows * ROW}`} preserveAspectRatio="none">
          {lines.map((line) => (
            <path
              key={`${line.side} ${line.from} ${line.to}`}
              className={`${line.operate ? 'operate' : ''} ${line.toCome ? 'to-come' : ''}`}
              d={curve(line)}
            />
          ))}
        </svg>
        <Boxes boxes={givers} place="givers" />
        <Boxes boxes={subjects} place="subjects" />
        <Boxes boxes={receivers} place="receivers" />
      </div>
      <figcaption className="flows-legend">
        <span>
          <i className="stroke" /> {words.rights.read}
        </span>
        <span>
          <i className="stroke operate" /> {words.rights.operate}
        </span>
        <span>
          <i className="stroke to-come" /> {words.states.toCome}
        </span>
      </figcaption>
    </figure>
  )
}

function Boxes({ boxes, place }: { boxes: Box[]; place: 'givers' | 'subjects' | 'receivers' }) {
  return boxes.map(({ id, name, detail, y }) => (
    <div
      key={id}
      className={`flows-box ${place}`}
      style={{ top: `${y * ROW}rem` }}
      title={detail === '' ? name : `${name}, ${detail}`}
    >
      <span>{name}</span>
      {detail !== '' && <small>{detail}</small>}
    </div>
  ))
}

function curve({ side, from, to }: Line): string {
  const [start, end] = ENDS[side]
  const middle = (start + end) / 2
  return `M${start} ${from * ROW}C${middle} ${from * ROW} ${middle} ${to * ROW} ${end} ${to * ROW}`
}
