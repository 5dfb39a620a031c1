import { Term } from '@/design/Term'
import { useMessages } from '@/language'

/** The label that everything made up for a demonstration carries. */
export function Simulated() {
  const { simulated, simulatedExplained } = useMessages()
  return (
    <span className="simulated">
      <Term explained={simulatedExplained}>{simulated}</Term>
    </span>
  )
}
