import type { Span } from '@/observations/columns'

/** How finely series are drawn, and by which figure. */
export const EVERY = ['auto', 'raw', '1h', '1d', '1mo'] as const
export type Every = (typeof EVERY)[number]
export const FIGURES = ['mean', 'min', 'max', 'sum'] as const
export type Figure = (typeof FIGURES)[number]

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Lengths of buckets, the shortest first. */
const LENGTHS: [string, number][] = [
  ['1min', MINUTE],
  ['10min', 10 * MINUTE],
  ['30min', 30 * MINUTE],
  ['1h', HOUR],
  ['3h', 3 * HOUR],
  ['6h', 6 * HOUR],
  ['12h', 12 * HOUR],
  ['1d', DAY],
  ['1w', 7 * DAY],
  ['1mo', 30 * DAY],
]

/** Beyond this, measures are too many to be worth showing one by one unless asked. */
const ONE_BY_ONE = 2 * DAY

/** The shortest bucket that still gives no more than a point a pixel; every measure where there is room for them. */
export function resolutionOf(every: Every, { start, end }: Span, width: number): string {
  const length = end.getTime() - start.getTime()
  if (every !== 'auto') return every
  return length <= ONE_BY_ONE ? 'raw' : bucketFor(length, width)
}

/** As `resolutionOf`, in buckets whatever the length. */
export function bucketFor(length: number, width: number): string {
  return LENGTHS.find(([, bucket]) => length / bucket <= width)?.[0] ?? '1mo'
}

/** An instant, some days later by the clock on the wall: a change of clocks in between moves nothing. */
export function daysLater(when: Date, days: number, zone: string): Date {
  const clock = wallOf(zone)
  const later = new Date(when.getTime() + days * DAY)
  return new Date(later.getTime() + clock(when) - clock(later))
}

/** How far the clocks of a zone are ahead of UTC at an instant, in milliseconds. */
function wallOf(zone: string): (when: Date) => number {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  return (when) => {
    const second = Math.floor(when.getTime() / 1000) * 1000
    return Date.parse(`${format.format(second).replace(' ', 'T')}Z`) - second
  }
}
