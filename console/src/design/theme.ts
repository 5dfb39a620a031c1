import { useSyncExternalStore } from 'react'

export type Theme = 'light' | 'dark'

const MEMORY = 'beffroi.theme'
const SYSTEM = window.matchMedia('(prefers-color-scheme: dark)')
const PRINT = window.matchMedia('print')
const listeners = new Set<() => void>()
let printing = false

/** Paper is light; on a screen, the reader's choice where there is one, the system's otherwise. */
function theme(): Theme {
  if (printing || PRINT.matches) return 'light'
  const chosen = localStorage.getItem(MEMORY)
  if (chosen === 'light' || chosen === 'dark') return chosen
  return SYSTEM.matches ? 'dark' : 'light'
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed)
  for (const media of [SYSTEM, PRINT]) media.addEventListener('change', changed)
  return () => {
    listeners.delete(changed)
    for (const media of [SYSTEM, PRINT]) media.removeEventListener('change', changed)
  }
}

function apply(): void {
  document.documentElement.dataset.theme = theme()
}

export function chooseTheme(chosen: Theme): void {
  localStorage.setItem(MEMORY, chosen)
  tell()
}

function tell(): void {
  for (const changed of listeners) changed()
}

/** To call once, before the first rendering: the style sheet follows the theme. */
export function followTheme(): void {
  apply()
  subscribe(apply)
  // Charts are redrawn before the page is laid out on paper, which the medium's own change comes too late for.
  const print = (begins: boolean) => () => {
    printing = begins
    tell()
  }
  window.addEventListener('beforeprint', print(true))
  window.addEventListener('afterprint', print(false))
}

export const useTheme = (): Theme => useSyncExternalStore(subscribe, theme)
