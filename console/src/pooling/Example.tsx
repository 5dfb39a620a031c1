import { Term } from '@/design/Term'
import { useMessages } from '@/language'

/** The label of what is made up to be shown. */
export function Example({ explained }: { explained?: string | null | undefined }) {
  const { example, exampleExplained } = useMessages().pooling
  return (
    <span className="simulated">
      <Term explained={explained ?? exampleExplained}>{example}</Term>
    </span>
  )
}
