import type { LotsAnalysis } from '@/api/schema'
import { useSpeech } from '@/language'

/** Where the analysis is: how many offers wait for marks, or that it is decided. */
export function AnalysisSentence({ told }: { told: LotsAnalysis }) {
  const { messages, formats } = useSpeech()
  const words = messages.purchases.award
  const offers = told.lots.flatMap((lot) => lot.offers)
  const left = offers.filter((one) => one.points == null && one.amount != null).length
  return (
    <p className="sentence">
      {told.decided != null
        ? words.decidedSaid
        : offers.length === 0
          ? words.nothing
          : left === 0
            ? words.ready
            : words.toMark(left, formats.integer(left))}
      .
    </p>
  )
}
