import { useId, type ReactNode } from 'react'

type Props = {
  label: string
  hint?: ReactNode
  className?: string
  children: (given: { id: string; 'aria-describedby'?: string }) => ReactNode
}

/** A label, what is typed or chosen, and a hint that is read with it. */
export function Field({ label, hint, className = 'field', children }: Props) {
  const id = useId()
  const told = `${id}-hint`
  return (
    <div className={className}>
      <label htmlFor={id}>{label}</label>
      {children(hint === undefined ? { id } : { id, 'aria-describedby': told })}
      {hint !== undefined && (
        <p id={told} className="quiet">
          {hint}
        </p>
      )}
    </div>
  )
}
