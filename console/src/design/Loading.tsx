import { useMessages } from '@/language'

/** A place held for what is coming: shows itself only after 200 ms (see `.skeleton`). */
export function Loading({ lines = 4 }: { lines?: number }) {
  const { loading } = useMessages()
  return (
    <div className="skeleton" role="status">
      <span className="unseen">{loading}</span>
      {Array.from({ length: lines }, (_, line) => (
        <span key={line} className="bone" />
      ))}
    </div>
  )
}
