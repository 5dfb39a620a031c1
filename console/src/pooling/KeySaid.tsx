import type { StatementPage } from '@/api/schema'
import { useSpeech } from '@/language'

/** The key in words. */
export function KeySaid({ page }: { page: StatementPage }) {
  const { messages, formats } = useSpeech()
  const words = messages.pooling.shares
  const { parts, floor, cap } = page.sharing_key
  const whole = parts.reduce((sum, part) => sum + Number(part.weight ?? 1), 0)
  const said = parts.map((part) => {
    const share = formats.share(Number(part.weight ?? 1) / whole)
    return part.by === 'members'
      ? words.keyEqual(share)
      : words.keyPart(share, words.keyParts[part.by] ?? part.by)
  })
  if (Number(floor ?? 0) > 0) said.push(words.floor(formats.share(Number(floor) / 100)))
  if (Number(cap ?? 100) < 100) said.push(words.cap(formats.share(Number(cap) / 100)))
  return (
    <p>
      {words.key} : {said.join(', ')}.{' '}
      {page.voted_on == null
        ? `${words.notVoted}.`
        : `${words.voted(formats.date(new Date(page.voted_on)), page.act)}.`}
    </p>
  )
}
