import { useId } from 'react'

export type Option = { value: string; name: string }

type Props = {
  label: string
  /** What is read when nothing is chosen. */
  any: string
  options: Option[]
  value: string
  onChosen: (value: string) => void
}

/** A choice among some, or none. */
export function Choice({ label, any, options, value, onChosen }: Props) {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChosen(event.target.value)}>
        <option value="">{any}</option>
        {options.map((one) => (
          <option key={one.value} value={one.value}>
            {one.name}
          </option>
        ))}
      </select>
    </div>
  )
}
