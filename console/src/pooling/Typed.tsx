import type { InputHTMLAttributes } from 'react'
import { Field } from '@/design/Field'

type Props = {
  label: string
  value: string
  onTyped: (value: string) => void
  fault?: string | undefined
  hint?: string | undefined
  className?: string
} & Omit<InputHTMLAttributes<HTMLInputElement>, 'value' | 'onChange' | 'className'>

/** What is typed, with its label, and what the server found wrong with it in place. */
export function Typed({ label, value, onTyped, fault, hint, className = 'field', ...input }: Props) {
  const told = fault ?? hint
  return (
    <Field
      label={label}
      className={className}
      {...(told !== undefined && { hint: <Said fault={fault}>{told}</Said> })}
    >
      {(given) => (
        <input
          {...given}
          {...input}
          value={value}
          aria-invalid={fault !== undefined}
          onChange={({ target }) => onTyped(target.value)}
        />
      )}
    </Field>
  )
}

/** A number with decimals, typed as the reader writes it. */
export function Amount(props: Props) {
  return (
    <Typed
      className="field port"
      inputMode="decimal"
      pattern="[0-9\s\u00a0\u202f]+([.,][0-9]+)?"
      {...props}
    />
  )
}

function Said({ fault, children }: { fault: string | undefined; children: string }) {
  return fault === undefined ? children : <strong className="fault">{children}</strong>
}
