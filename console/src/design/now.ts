import { useSyncExternalStore } from 'react'

const EVERY = 15_000

let now = new Date()

function subscribe(changed: () => void): () => void {
  const timer = window.setInterval(() => {
    now = new Date()
    changed()
  }, EVERY)
  return () => window.clearInterval(timer)
}

/** The present, renewed often enough for « il y a 4 min » to stay true. */
export const useNow = (): Date => useSyncExternalStore(subscribe, () => now)
