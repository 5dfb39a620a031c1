import type { Messages } from '@/language/fr'
import { englishPlural as plural } from '@/language/plural'

export const now: Messages['now'] = {
  concerns: {
    silent: (count: number, shown: string) =>
      `${shown} ${plural(count, 'device', 'devices')} silent for more than a day`,
    never: (count: number, shown: string) => `${shown} ${plural(count, 'device', 'devices')} never heard`,
    doubtful: (count: number, shown: string) =>
      `${shown} doubtful ${plural(count, 'measurement', 'measurements')}`,
    battery: (count: number, shown: string) => `${shown} low ${plural(count, 'battery', 'batteries')}`,
  },
  explained: {
    silent: 'No measurement for more than a day: empty battery, breakdown, or no network any more.',
    never: 'Declared, but no measurement ever came from them.',
    doubtful: 'The last value is implausible, no longer moves, or is doubted by the device.',
    battery: 'Under 20%: to be replaced at the next round.',
  },
  calm: (count: number, shown: string) =>
    `Nothing to report: ${shown} ${plural(count, 'device', 'devices')} followed`,
  attention: 'To look at',
  others: (count: number, shown: string) => `and ${shown} ${plural(count, 'other', 'others')}`,
  spans: { now: 'at present', day: 'yesterday' },
  week: (change: string) => `${change} over a week`,
  year: (change: string) => `${change} over a year`,
  same: 'steady',
  compared: 'The last whole day, compared with the same day of the week before, and of 52 weeks ago.',
  of: (count: number, shown: string) => `${shown} ${plural(count, 'series', 'series')}`,
  sparkline: (days: string, low: string, high: string) => `${days} days, from ${low} to ${high}`,
  table: 'Day by day',
  day: 'Day',
  all: 'All measurements',
}
