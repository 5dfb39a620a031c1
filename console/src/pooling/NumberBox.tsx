import { useSpeech } from '@/language'
import { decimal, typed } from '@/pooling/faults'
import { useHeld } from '@/pooling/held'
import { Typed } from '@/pooling/Typed'

type Props = {
  label: string
  value: number | null | undefined
  onNumber: (value: number | undefined) => void
  fault?: string | undefined
  hint?: string | undefined
  required?: boolean
  /** Without decimals. */
  whole?: boolean
}

/** A number typed as the reader writes it; undefined where nothing is. */
export function NumberBox({ label, value, onNumber, whole = false, ...more }: Props) {
  const { language } = useSpeech()
  const held = useHeld(typed(value, language))
  return (
    <Typed
      label={label}
      className="field port"
      inputMode={whole ? 'numeric' : 'decimal'}
      pattern={whole ? '[0-9\\s\\u00a0\\u202f]+' : '-?[0-9\\s\\u00a0\\u202f]+([.,][0-9]+)?'}
      {...more}
      value={held.text}
      onBlur={held.leave}
      onTyped={(next) => {
        held.type(next)
        const number = Number(decimal(next))
        if (next.trim() === '') onNumber(undefined)
        else if (Number.isFinite(number)) onNumber(number)
      }}
    />
  )
}
