import { useId } from 'react'
import { Term } from '@/design/Term'
import { useSpeech } from '@/language'
import type { Span } from '@/observations/columns'
import { EVERY, FIGURES } from '@/charts/resolution'
import { COMPARED, without, type Explored } from '@/explore/explored'

type Props = {
  explored: Explored
  span: Span
  onShown: (change: Explored) => void
  onZoomed: (factor: number) => void
  onWhole: () => void
}

/** By which step and which figure curves are drawn, against what, and how closely. */
export function Controls({ explored, span, onShown, onZoomed, onWhole }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.explore
  const id = useId()
  const closely = explored.from !== undefined
  return (
    <div className="controls">
      <div className="fields">
        <div className="field">
          <label htmlFor={`${id}-every`}>{words.every}</label>
          <select
            id={`${id}-every`}
            value={explored.every ?? 'auto'}
            onChange={({ target }) =>
              onShown({ ...explored, every: EVERY.find((one) => one === target.value) ?? 'auto' })
            }
          >
            {EVERY.map((one) => (
              <option key={one} value={one}>
                {words.everies[one]}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-of`}>{words.of}</label>
          <select
            id={`${id}-of`}
            value={explored.of ?? 'mean'}
            onChange={({ target }) =>
              onShown({ ...explored, of: FIGURES.find((one) => one === target.value) ?? 'mean' })
            }
          >
            {FIGURES.map((one) => (
              <option key={one} value={one}>
                {words.figures[one]}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-compare`}>{words.compare}</label>
          <select
            id={`${id}-compare`}
            value={explored.compare ?? 'none'}
            onChange={({ target }) => onShown(compared(target.value))}
          >
            <option value="none">{words.compares.none}</option>
            {COMPARED.map((one) => (
              <option key={one} value={one}>
                {words.compares[one]}
              </option>
            ))}
          </select>
        </div>
        <div className="field end ways">
          <button type="button" className="button" onClick={() => onZoomed(0.5)}>
            {words.closer}
          </button>
          {closely && (
            <>
              <button type="button" className="button" onClick={() => onZoomed(2)}>
                {words.wider}
              </button>
              <button type="button" className="button" onClick={onWhole}>
                {words.whole}
              </button>
            </>
          )}
        </div>
      </div>
      {explored.compare === 'year' && (
        <p className="quiet">
          <Term explained={words.yearExplained}>{words.compares.year}</Term>
        </p>
      )}
      {closely && (
        <p aria-live="polite">
          <strong>{words.closely(formats.moment(span.start), formats.moment(span.end))}</strong>
        </p>
      )}
    </div>
  )

  function compared(value: string): Explored {
    const compare = COMPARED.find((one) => one === value)
    return compare ? { ...explored, compare } : without(explored, 'compare')
  }
}
