import { useState } from 'react'
import type { Programme } from '@/api/schema'
import { Field } from '@/design/Field'
import { useSpeech } from '@/language'
import type { Fault } from '@/pooling/faults'
import { useHeld } from '@/pooling/held'
import { NumberBox } from '@/pooling/NumberBox'
import { withValue } from '@/pooling/programmeEdits'
import { numberOf, rankOf, span, yearOf } from '@/pooling/quarters'
import { Typed } from '@/pooling/Typed'

export type EditProps = { document: Programme; faults: Fault[]; onChanged: (document: Programme) => void }

export function Wrong({ said }: { said: string | undefined }) {
  if (said === undefined) return null
  return (
    <p role="alert">
      <strong className="fault">{said}</strong>
    </p>
  )
}

type NamedProps = {
  label: string
  name: string
  /** Names that others have. */
  taken: string[]
  onNamed: (name: string) => void
  fault?: string | undefined
}

/** A name that nothing else has: what refers to it follows, so that one on the way to another is not taken. */
export function Named({ label, name, taken, onNamed, fault }: NamedProps) {
  const words = useSpeech().messages.planning
  const held = useHeld(name)
  const refused = (text: string) => text !== name && taken.includes(text)
  return (
    <Typed
      label={label}
      className="field grow"
      required
      maxLength={200}
      value={held.text}
      fault={refused(held.text) ? words.taken : fault}
      onInput={({ currentTarget }) =>
        currentTarget.setCustomValidity(refused(currentTarget.value) ? words.taken : '')
      }
      onBlur={held.leave}
      onTyped={(next) => {
        held.type(next)
        if (next !== '' && !refused(next)) onNamed(next)
      }}
    />
  )
}

type NoteProps = { note: string | undefined; onChanged: (note: string) => void }

/** What is worth knowing about it: for readers, nothing is made of it. Folded while there is none. */
export function Note({ note = '', onChanged }: NoteProps) {
  const words = useSpeech().messages.planning
  const [opened] = useState(note !== '')
  return (
    <details className="note" open={opened}>
      <summary>{words.note}</summary>
      <Typed label={words.noteOf} value={note} onTyped={onChanged} />
    </details>
  )
}

type AmongProps = {
  label: string
  names: string[]
  value: string
  onChosen: (name: string) => void
  fault?: string | undefined
}

export function Among({ label, names, value, onChosen, fault }: AmongProps) {
  return (
    <Field
      label={label}
      className="field grow"
      {...(fault !== undefined && { hint: <strong className="fault">{fault}</strong> })}
    >
      {(given) => (
        <select
          {...given}
          aria-invalid={fault !== undefined}
          value={value}
          onChange={({ target }) => onChosen(target.value)}
        >
          {[...new Set([value, ...names])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
    </Field>
  )
}

type SeveralProps = {
  legend: string
  names: string[]
  chosen: string[]
  onChosen: (names: string[]) => void
  fault?: string | undefined
}

/** Some among names, in the order in which they were chosen. */
export function Several({ legend, names, chosen, onChosen, fault }: SeveralProps) {
  return (
    <fieldset className="ways-in">
      <legend>{legend}</legend>
      {[...new Set([...names, ...chosen])].map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={({ target }) =>
              onChosen(target.checked ? [...chosen, name] : chosen.filter((one) => one !== name))
            }
          />
          {name}
        </label>
      ))}
      <Wrong said={fault} />
    </fieldset>
  )
}

type NumbersProps = {
  legend: string
  hint?: string
  names: string[]
  values: Record<string, number> | undefined
  onChanged: (values: Record<string, number>) => void
  fault?: string | undefined
}

/** A number for each name; none where nothing is typed. */
export function Numbers({ legend, hint, names, values = {}, onChanged, fault }: NumbersProps) {
  const all = [...new Set([...names, ...Object.keys(values)])]
  if (all.length === 0) return null
  return (
    <fieldset className="rows">
      <legend>{legend}</legend>
      {hint !== undefined && <p className="quiet">{hint}</p>}
      <div className="fields">
        {all.map((name) => (
          <NumberBox
            key={name}
            label={name}
            value={values[name]}
            onNumber={(value) => onChanged(withValue(values, name, value))}
          />
        ))}
      </div>
      <Wrong said={fault} />
    </fieldset>
  )
}

type QuarterProps = {
  label: string
  /** Of the plan: its quarters are offered. */
  start: string
  quarters: number
  value: string | null | undefined
  /** What is read where none is chosen; one has to be without. */
  any?: string
  onChosen: (value: string | null) => void
  fault?: string | undefined
}

export function QuarterChoice({ label, start, quarters, value, any, onChosen, fault }: QuarterProps) {
  const say = useQuarter()
  const offered = span(start, Math.min(Math.max(quarters, 1), 80)).map(nameOf)
  const all = [...new Set([...offered, ...(value ? [value] : [])])].sort()
  return (
    <Field label={label} {...(fault !== undefined && { hint: <strong className="fault">{fault}</strong> })}>
      {(given) => (
        <select
          {...given}
          aria-invalid={fault !== undefined}
          value={value ?? ''}
          onChange={({ target }) => onChosen(target.value === '' ? null : target.value)}
        >
          {any !== undefined && <option value="">{any}</option>}
          {all.map((name) => (
            <option key={name} value={name}>
              {say(numberOf(name))}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}

const nameOf = (quarter: number) => `${yearOf(quarter)}-Q${rankOf(quarter)}`

/** How a quarter is said. */
export function useQuarter(): (quarter: number) => string {
  const words = useSpeech().messages.pooling.programme
  return (quarter) => words.quarter(String(rankOf(quarter)), String(yearOf(quarter)))
}

type SpreadProps = {
  label: string
  hint?: string
  value: number | number[] | undefined
  /** How each of its quarters is said. */
  names: string[]
  /** Told as one amount for all quarters together, not for each. */
  together?: boolean
  required?: boolean
  onChanged: (value: number | number[] | undefined) => void
  fault?: string | undefined
}

/** One number, or one a quarter. */
export function Spread({ label, value, names, together = false, onChanged, fault, ...more }: SpreadProps) {
  const words = useSpeech().messages.planning
  const listed = Array.isArray(value) ? value : null
  const apart = (by: number) => names.map(() => (together ? by / names.length : by))
  const one = listed && (together ? listed.reduce((sum, each) => sum + each, 0) : listed[0])
  const set = (list: number[], place: number, each: number | undefined) => {
    const next = Array.from({ length: Math.max(list.length, place + 1) }, (_, at) => list[at] ?? 0)
    onChanged(
      each === undefined && place === next.length - 1
        ? next.slice(0, -1)
        : next.map((was, at) => (at === place ? (each ?? 0) : was)),
    )
  }
  return (
    <>
      {listed === null && (
        <NumberBox
          label={label}
          {...more}
          value={value as number | undefined}
          fault={fault}
          onNumber={onChanged}
        />
      )}
      <label className="check">
        <input
          type="checkbox"
          checked={listed !== null}
          onChange={() =>
            onChanged(listed === null ? apart((value as number | undefined) ?? 0) : (one ?? undefined))
          }
        />
        {words.byQuarter(label)}
      </label>
      {listed !== null && (
        <fieldset className="rows">
          <legend>{label}</legend>
          <div className="fields">
            {Array.from({ length: Math.max(listed.length, names.length) }, (_, place) => (
              <NumberBox
                key={place}
                label={names[place] ?? words.beyond(String(place + 1))}
                value={listed[place]}
                onNumber={(each) => set(listed, place, each)}
              />
            ))}
          </div>
          <Wrong said={fault} />
        </fieldset>
      )}
    </>
  )
}

type RemoveProps = { said: string; onRemoved: () => void }

export function Remove({ said, onRemoved }: RemoveProps) {
  return (
    <button type="button" className="button" aria-label={said} onClick={onRemoved}>
      {useSpeech().messages.entering.remove}
    </button>
  )
}
