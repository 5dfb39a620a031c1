export type Language = 'fr' | 'en'

const LOCALES = { fr: 'fr-FR', en: 'en-GB' } as const

const DAYS = {
  fr: { on: 'le', from: 'du', to: 'au' },
  en: { on: 'on', from: 'from', to: 'to' },
} as const

/** Units by which durations are told: from how many seconds on, and how long each is. */
const LENGTHS: [string, number, number][] = [
  ['day', 2 * 86_400, 86_400],
  ['hour', 2 * 3_600, 3_600],
  ['minute', 60, 60],
  ['second', 0, 1],
]

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

/** Numbers, dates and units as a reader of `language` expects them; times in `zone`, the territory's. */
export function formatsOf(language: Language, zone: string) {
  const locale = LOCALES[language]
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 })
  const money = (digits: number) =>
    new Intl.NumberFormat(locale, {
      style: 'currency',
      currency: 'EUR',
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
  const [euros, cents] = [money(0), money(2)]
  const relative = (style: 'short' | 'long') =>
    new Intl.RelativeTimeFormat(locale, { style, numeric: 'always' })
  const [shortly, inFull] = [relative('short'), relative('long')]
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })
  const moment = date({ dateStyle: 'medium', timeStyle: 'short' })
  const momentWithSeconds = date({
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
  const exact = date({ dateStyle: 'full', timeStyle: 'long' })
  const day = date({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  const shortDay = date({ day: 'numeric', month: 'short' })
  const shortMonth = date({ month: 'short' })
  const inMonths = date({ month: 'long', year: 'numeric' })
  const time = date({ hour: '2-digit', minute: '2-digit' })
  const list = new Intl.ListFormat(locale)
  const midnight = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
  const timeWithSeconds = date({ timeStyle: 'medium' })
  const parts = [date({ day: 'numeric' }), date({ month: 'long' }), date({ year: 'numeric' })]
  const partsOf = (when: Date) => {
    const [first = '', ...others] = parts.map((part) => part.format(when))
    return [language === 'fr' && first === '1' ? '1er' : first, ...others]
  }

  return {
    language,
    zone,
    integer: (value: number) => integer.format(value),
    number: (value: number) => numberOf(locale, value),
    /** A value with its unit, kept on one line. */
    quantity: (value: number, unit: string) => joined(numberOf(locale, value), unit),
    ago: (then: Date, now: Date) => {
      const difference = then.getTime() - now.getTime()
      // The page's present is renewed now and then: what has just come is not to come.
      const elapsed = difference > 0 && difference < 60_000 ? -0 : difference
      const [unit, length] = STEPS.find(([, length]) => Math.abs(elapsed) >= length) ?? ['second', 1_000]
      // « 9 a » is not read as years.
      const said = unit === 'year' ? inFull : shortly
      return said.format(Math.trunc(elapsed / length), unit).replaceAll(' ', '\u00a0')
    },
    /** About how long: « 10 min », « 3 h », « 2 jours ». */
    duration: (seconds: number) => {
      const [unit, , length] = LENGTHS.find(([, least]) => seconds >= least) ?? ['second', 0, 1]
      const options = { style: 'unit', unit, unitDisplay: unit === 'day' ? 'long' : 'short' } as const
      const count = Math.round(seconds / length)
      return new Intl.NumberFormat(locale, options).format(count).replaceAll(' ', '\u00a0')
    },
    /** An amount of money, to the euro. */
    euros: (amount: number) => euros.format(amount === 0 ? 0 : amount).replace('-', '−'),
    /** An amount of money, to the cent. */
    cents: (amount: number) => cents.format(amount === 0 ? 0 : amount).replace('-', '−'),
    /** « un, deux et trois » */
    list: (said: string[]) => list.format(said),
    /** A share of one, in per cent. */
    share: (part: number) => share.format(part),
    /** Date and time to the minute. */
    moment: (when: Date) => moment.format(when),
    momentWithSeconds: (when: Date) => momentWithSeconds.format(when),
    /** Date and time in full, with the zone. */
    exact: (when: Date) => exact.format(when),
    day: (when: Date) => day.format(when),
    /** A date in full: 14 août 2017. */
    date: (when: Date) => partsOf(when).join(' '),
    /** A month named `2026-10`: octobre 2026. */
    month: (name: string) => {
      const [year = 0, month = 1] = name.split('-').map(Number)
      return inMonths.format(new Date(Date.UTC(year, month - 1, 15)))
    },
    /** From a day to another: « du 1er au 31 décembre 2024 ». What both share is said once. */
    days: (first: Date, last: Date) => {
      const { on, from, to } = DAYS[language]
      const [began, ended] = [partsOf(first), partsOf(last)]
      const told = began.findLastIndex((part, index) => part !== ended[index]) + 1
      if (told === 0) return `${on} ${ended.join(' ')}`
      return `${from} ${began.slice(0, told).join(' ')} ${to} ${ended.join(' ')}`
    },
    shortDay: (when: Date) => shortDay.format(when),
    shortMonth: (when: Date) => shortMonth.format(when),
    time: (when: Date) => time.format(when),
    isMidnight: (when: Date) => midnight.format(when) === '00:00',
    timeWithSeconds: (when: Date) => timeWithSeconds.format(when),
  }
}

export type Formats = ReturnType<typeof formatsOf>

function joined(value: string, unit: string): string {
  return unit === '' ? value : `${value}\u202f${unit}`
}

/** Four significant digits at least; integers in full. */
function numberOf(locale: string, value: number): string {
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)))
  const digits = Math.min(6, Math.max(0, 3 - magnitude))
  return value.toLocaleString(locale, { maximumFractionDigits: digits }).replace('-', '−')
}
