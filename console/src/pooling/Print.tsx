import { useMessages } from '@/language'

/** The page as it is, on paper or as a file, by the browser. */
export function Print() {
  const { print } = useMessages().pooling
  return (
    <button type="button" className="button" onClick={() => window.print()}>
      {print}
    </button>
  )
}
