import { useSyncExternalStore } from 'react'

export type Theme = 'light' | 'dark'

const MEMORY = 'beffroi.theme'
const SYSTEM = window.matchMedia('(prefers-color-scheme: dark)')
const listeners = new Set<() => void>()

/** The reader's choice where there is one, the system's otherwise. */
function theme(): Theme {
  const chosen = localStorage.getItem(MEMORY)
  if (chosen === 'light' || chosen === 'dark') return chosen
  return SYSTEM.matches ? 'dark' : 'light'
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed)
  SYSTEM.addEventListener('change', changed)
  return () => {
    listeners.delete(changed)
    SYSTEM.removeEventListener('change', changed)
  }
}

function apply(): void {
  document.documentElement.dataset.theme = theme()
}

export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(MEMORY, chosen)
  for (const changed of listeners) changed()
}

/** To call once, before the first rendering: the style sheet follows the theme. */
export function followTheme(): void {
  apply()
  subscribe(apply)
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme)
