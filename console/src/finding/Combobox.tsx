import { useId, useState, type KeyboardEvent, type ReactNode, type Ref } from 'react'

export type Option = { id: string; name: string; detail?: string | undefined; pick: () => void }
export type Group = { title: string; options: Option[] }

type Props = {
  label: string
  text: string
  onText: (text: string) => void
  groups: Group[]
  /** Said under the options: nothing found, still looking, addresses not looked for. */
  note?: ReactNode
  placeholder?: string
  /** The list stays, whatever is typed. */
  always?: boolean
  input?: Ref<HTMLInputElement>
}

/** A field with what it finds under it, read and chosen with the keyboard (WAI-ARIA combobox with a list). */
export function Combobox({ label, text, onText, groups, note, placeholder, always = false, input }: Props) {
  const id = useId()
  const [at, setAt] = useState<string>()
  const [away, setAway] = useState(true)
  const options = groups.flatMap((group) => group.options)
  // What was reached stays so when more is found; the first, until something is.
  const active = Math.max(
    options.findIndex((one) => one.id === at),
    0,
  )
  const open = always || (!away && text.trim() !== '')
  const idOf = (option: Option) => `${id}-${option.id}`

  const pick = (option: Option) => {
    setAway(true)
    setAt(undefined)
    option.pick()
  }
  const go = (rank: number) => {
    setAway(false)
    const option = options[(rank + options.length) % options.length]
    setAt(option?.id)
    if (option) document.getElementById(idOf(option))?.scrollIntoView({ block: 'nearest' })
  }
  const press = (event: KeyboardEvent) => {
    const option = options[active]
    if (event.key === 'ArrowDown' && options.length > 0) go(open ? active + 1 : 0)
    else if (event.key === 'ArrowUp' && options.length > 0) go(active - 1)
    else if (event.key === 'Enter' && open && option) pick(option)
    else if (event.key === 'Escape' && open && !always) setAway(true)
    else return
    event.preventDefault()
  }

  return (
    <div className="combobox">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        ref={input}
        type="text"
        role="combobox"
        autoComplete="off"
        spellCheck={false}
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={open && options[active] ? idOf(options[active]) : undefined}
        placeholder={placeholder}
        value={text}
        onChange={(event) => {
          setAway(false)
          setAt(undefined)
          onText(event.target.value)
        }}
        onFocus={() => setAway(false)}
        onBlur={() => setAway(true)}
        onKeyDown={press}
      />
      <div className="options" hidden={!open}>
        <div id={`${id}-list`} role="listbox" aria-label={label}>
          {groups.map((group, rank) =>
            group.options.length === 0 ? null : (
              <div key={group.title} role="group" aria-labelledby={`${id}-group-${rank}`}>
                <div id={`${id}-group-${rank}`} role="presentation" className="over">
                  {group.title}
                </div>
                {group.options.map((option) => (
                  <div
                    key={option.id}
                    id={idOf(option)}
                    role="option"
                    aria-selected={option === options[active]}
                    // The field keeps the focus.
                    onMouseDown={(event) => event.preventDefault()}
                    onClick={() => pick(option)}
                  >
                    <span>{option.name}</span>
                    {option.detail !== undefined && <span className="quiet">{option.detail}</span>}
                  </div>
                ))}
              </div>
            ),
          )}
        </div>
        {note !== undefined && (
          <p className="quiet" role="status">
            {note}
          </p>
        )}
      </div>
    </div>
  )
}
