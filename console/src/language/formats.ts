export type Language = 'fr' | 'en'

const LOCALES = { fr: 'fr-FR', en: 'en-GB' } as const

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
]

/** Numbers, dates and units as a reader of `language` expects them; times in `zone`, the territory's. */
export function formatsOf(language: Language, zone: string) {
  const locale = LOCALES[language]
  const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 })
  const relative = new Intl.RelativeTimeFormat(locale, { style: 'short', numeric: 'always' })
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: zone, ...options })
  const moment = date({ dateStyle: 'medium', timeStyle: 'short' })
  const exact = date({ dateStyle: 'full', timeStyle: 'long' })
  const day = date({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  const shortDay = date({ day: 'numeric', month: 'short' })
  const shortMoment = date({ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' })
  const time = date({ hour: '2-digit', minute: '2-digit' })
  const midnight = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' })
  const timeWithSeconds = date({ timeStyle: 'medium' })

  return {
    language,
    zone,
    integer: (value: number) => integer.format(value),
    number: (value: number) => numberOf(locale, value),
    /** A value with its unit, kept on one line. */
    quantity: (value: number, unit: string) => joined(numberOf(locale, value), unit),
    ago: (then: Date, now: Date) => {
      const elapsed = then.getTime() - now.getTime()
      const [unit, length] = STEPS.find(([, length]) => Math.abs(elapsed) >= length) ?? ['second', 1_000]
      return relative.format(Math.trunc(elapsed / length), unit).replaceAll(' ', '\u00a0')
    },
    /** Date and time to the minute. */
    moment: (when: Date) => moment.format(when),
    /** The same without the year: for the last weeks. */
    shortMoment: (when: Date) => shortMoment.format(when),
    /** Date and time in full, with the zone. */
    exact: (when: Date) => exact.format(when),
    day: (when: Date) => day.format(when),
    shortDay: (when: Date) => shortDay.format(when),
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
