import type { MeasuredEffect } from '@/api/schema'
import type { Formats } from '@/language/formats'
import type { Messages } from '@/language/fr'

type Words = Messages['experiments']

/** A figure with its sign: «\u00a0−2,1 kWh\u00a0», «\u00a0+3 %\u00a0». */
export function signed(formats: Formats, value: number, unit: string): string {
  const sign = value > 0 ? '+' : ''
  return `${sign}${formats.quantity(rounded(value), unit)}`
}

/** Three significant figures: more would say what an interval takes back. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3))
}

/** The verdict in one sentence, without its stop. */
export function verdictOf(effect: MeasuredEffect, words: Words, formats: Formats): string {
  if (effect.verdict === 'less' || effect.verdict === 'more') {
    const size = formats.quantity(rounded(Math.abs(effect.effect ?? 0)), effect.unit)
    const share = effect.share == null ? '' : formats.quantity(rounded(Math.abs(effect.share)), '%')
    return words.verdicts[effect.verdict](size, share)
  }
  return words.verdicts[effect.verdict]
}
