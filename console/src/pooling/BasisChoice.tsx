import { useId } from 'react'
import type { Basis } from '@/api/pooling'
import { useMessages } from '@/language'

const BASES = ['forecast', 'actual'] as const

export function BasisChoice({ basis, onChosen }: { basis: Basis; onChosen: (basis: Basis) => void }) {
  const { bases, statements } = useMessages().pooling
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{statements.basis}</label>
      <select id={id} value={basis} onChange={({ target }) => onChosen(target.value as Basis)}>
        {BASES.map((one) => (
          <option key={one} value={one}>
            {bases[one]}
          </option>
        ))}
      </select>
    </div>
  )
}
