import { useId, useState, type ReactNode } from 'react'

/** A word with its explanation, on hover and on focus; Escape puts it away. */
export function Term({ explained, children }: { explained: string; children: ReactNode }) {
  const id = useId()
  const [shown, setShown] = useState(false)
  return (
    <span className="term" onMouseEnter={() => setShown(true)} onMouseLeave={() => setShown(false)}>
      <button
        type="button"
        aria-describedby={id}
        onFocus={() => setShown(true)}
        onBlur={() => setShown(false)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setShown(false)
        }}
      >
        {children}
      </button>
      <span id={id} role="tooltip" hidden={!shown}>
        {explained}
      </span>
    </span>
  )
}
