import type { DeviceState } from '@/api/schema'
import { useMessages } from '@/language'

/** Whether a device speaks: a shape and a word, for a list is read in grey too. */
export function State({ of: state }: { of: DeviceState['state'] }) {
  const words = useMessages().things.states
  return (
    <span className={`state ${state}`}>
      <span className="shape" aria-hidden="true" />
      {words[state]}
    </span>
  )
}
