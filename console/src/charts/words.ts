import type { Formats, Messages } from '@/language'
import type { Span } from '@/observations/columns'
import type { Choice } from '@/charts/period'

/** « du 15 juillet au 13 août 2017 »; the last 24 hours are no day of the calendar. */
export function periodInWords(choice: Choice, span: Span, messages: Messages, formats: Formats): string {
  if (choice.period === 'day' && choice.until === null) return messages.series.lastHours
  return formats.days(span.start, new Date(span.end.getTime() - 1))
}
