import { Link } from '@tanstack/react-router'
import type { Series } from '@/api/schema'
import { useSpeech } from '@/language'

type Props = { series: Series[]; asked: number[]; known: boolean; onRemoved: (id: number) => void }

/** The series drawn, each with its colour; and how many of those asked are not there to be seen. */
export function Chosen({ series, asked, known, onRemoved }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.explore
  const lost = asked.length - series.length
  return (
    <section aria-labelledby="chosen">
      <h2 id="chosen">{words.chosen}</h2>
      <ul className="chosen">
        {series.map((one) => (
          <li key={one.id}>
            <span className={`swatch stroke apart-${asked.indexOf(one.id) + 1}`} aria-hidden="true" />
            <span>
              <Link to="/series/$id" params={{ id: one.id }}>
                {one.name}
              </Link>
              {one.unit !== '' && <span className="quiet"> {one.unit}</span>}
            </span>
            <button
              type="button"
              className="plain"
              aria-label={words.remove(one.name)}
              title={words.remove(one.name)}
              onClick={() => onRemoved(one.id)}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {known && lost > 0 && <p role="status">{words.lost(lost, formats.integer(lost))}</p>}
    </section>
  )
}
