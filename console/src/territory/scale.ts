/** Colours of communes: classes of about as many communes each, in steps of cividis. */

export type Theme = 'light' | 'dark'

/** Class n holds what is at least `breaks[n - 1]` and under `breaks[n]`. */
export type Scale = { breaks: number[]; colours: string[] }

/** Even to the eye, for every kind of sight and in grey (Nuñez, Anderton, Renslow, 2018). */
const CIVIDIS: readonly string[] = ['#00224e', '#434e6c', '#7d7c78', '#bcaf6f', '#fee838']
const CLASSES = CIVIDIS.length

/** More is darker on a light page, lighter on a dark one. */
export function scaleOf(values: number[], theme: Theme): Scale {
  const sorted = [...values].sort((one, other) => one - other)
  const [least = 0, most = 0] = [sorted[0], sorted.at(-1)]
  const coarse = 10 ** Math.floor(Math.log10(most - least || 1) - 1)
  const breaks: number[] = []
  for (let rank = 1; rank < CLASSES; rank++) {
    const value = sorted[Math.floor((sorted.length * rank) / CLASSES)] ?? 0
    const step = Math.min(coarse, 10 ** Math.floor(Math.log10(Math.abs(value) || coarse) - 1))
    const rounded = Number((Math.round(value / step) * step).toPrecision(12))
    if (rounded > (breaks.at(-1) ?? least) && rounded <= most) breaks.push(rounded)
  }
  const steps = theme === 'light' ? CIVIDIS.toReversed() : CIVIDIS
  const colours = [...breaks, most].map((_, rank) => {
    const place = breaks.length === 0 ? 0.5 : rank / breaks.length
    return steps[Math.round(place * (CLASSES - 1))] ?? ''
  })
  return { breaks, colours }
}

export function colourOf({ breaks, colours }: Scale, value: number): string {
  const rank = breaks.findIndex((limit) => value < limit)
  return colours[rank === -1 ? breaks.length : rank] ?? ''
}
