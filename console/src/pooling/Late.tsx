import { Trouble } from '@/design/Trouble'
import { useMessages } from '@/language'
import { isLate } from '@/pooling/faults'

/** What went wrong with what was to be kept. Written meanwhile by somebody else: what was typed stays, until it is read again. */
export function Late({ error, reread }: { error: unknown; reread: () => void }) {
  const words = useMessages().entering
  return (
    <Trouble error={error}>
      {isLate(error) && (
        <>
          <p>{words.late}</p>
          <button type="button" className="button" onClick={reread}>
            {words.reread}
          </button>
        </>
      )}
    </Trouble>
  )
}
