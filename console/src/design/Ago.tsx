import { useNow } from '@/design/now'
import { useFormats } from '@/language'

/** How long ago something happened; the exact time and its zone on hover. */
export function Ago({ when }: { when: Date }) {
  const formats = useFormats()
  const now = useNow()
  return (
    <time dateTime={when.toISOString()} title={formats.exact(when)}>
      {formats.ago(when, now)}
    </time>
  )
}
