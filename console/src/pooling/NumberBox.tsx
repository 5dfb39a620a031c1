import { useState } from 'react'
import { useSpeech } from '@/language'
import { decimal, typed } from '@/pooling/faults'
import { Typed } from '@/pooling/Typed'

type Props = {
  label: string
  value: number | null | undefined
  onNumber: (value: number | undefined) => void
  fault?: string | undefined
  hint?: string | undefined
  required?: boolean
}

/** A number typed as the reader writes it; undefined where nothing is. */
export function NumberBox({ label, value, onNumber, ...more }: Props) {
  const { language } = useSpeech()
  const [text, setText] = useState(() => typed(value, language))
  return (
    <Typed
      label={label}
      className="field port"
      inputMode="decimal"
      pattern="-?[0-9\s\u00a0\u202f]+([.,][0-9]+)?"
      {...more}
      value={text}
      onTyped={(next) => {
        setText(next)
        const number = Number(decimal(next))
        if (next.trim() === '') onNumber(undefined)
        else if (Number.isFinite(number)) onNumber(number)
      }}
    />
  )
}
