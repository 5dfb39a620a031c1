import { useQuery } from '@tanstack/react-query'
import type { Series } from '@/api/schema'
import { Answer } from '@/design/Answer'
import { useSpeech } from '@/language'
import { neighboursOf, type Span } from '@/observations/columns'
import { dayOf, ending, type Asked, type Period } from '@/charts/period'

type Props = { series: Series; period: Period; span: Span; onMoved: (asked: Asked) => void }

/** A period that holds nothing: where data are, before and after, and the way there. */
export function Neighbours({ series, period, span, onMoved }: Props) {
  const { messages, formats } = useSpeech()
  const words = messages.series
  const nearest = useQuery({
    queryKey: ['neighbours', series.id, span],
    queryFn: ({ signal }) => neighboursOf(series.id, span, signal),
  })
  return (
    <div className="empty">
      <p>{words.noneInPeriod}</p>
      <Answer query={nearest} lines={1}>
        {({ before, after }) => (
          <div className="ways">
            {before && (
              <button type="button" className="button" onClick={() => onMoved({ until: on(before) })}>
                {words.before(formats.date(before))}
              </button>
            )}
            {after && (
              <button
                type="button"
                className="button"
                onClick={() => onMoved({ until: ending(on(after), period) })}
              >
                {words.after(formats.date(after))}
              </button>
            )}
            {!before && !after && words.never}
          </div>
        )}
      </Answer>
    </div>
  )

  function on(when: Date) {
    return dayOf(when, formats.zone)
  }
}
