import type { Messages } from '@/language'

type Word = Exclude<keyof Messages['quality'], 'good'>

/** The bits of an observation's quality, as the record keeps them; `doubtful`: not to be trusted without a look. */
export const QUALITY: readonly { bit: number; word: Word; doubtful: boolean }[] = [
  { bit: 1, word: 'outOfRange', doubtful: true },
  { bit: 2, word: 'frozen', doubtful: true },
  { bit: 4, word: 'late', doubtful: false },
  { bit: 8, word: 'outOfOrder', doubtful: false },
  { bit: 16, word: 'corrected', doubtful: false },
  { bit: 32, word: 'estimated', doubtful: false },
  { bit: 64, word: 'belowDetection', doubtful: false },
  { bit: 128, word: 'doubtful', doubtful: true },
  { bit: 256, word: 'simulated', doubtful: false },
  { bit: 512, word: 'summarised', doubtful: false },
  { bit: 1024, word: 'jump', doubtful: true },
]

export const DOUBTFUL = QUALITY.filter((one) => one.doubtful).reduce((bits, one) => bits | one.bit, 0)

const SIMULATED = 256

export const isDoubtful = (quality: number): boolean => (quality & DOUBTFUL) !== 0

/** What is known against an observation, in words; being simulated is said once for the page, not for each. */
export function qualityWords(quality: number): Word[] {
  return QUALITY.filter((one) => one.bit !== SIMULATED && (quality & one.bit) !== 0).map((one) => one.word)
}
