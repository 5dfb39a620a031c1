import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react'
import { askIn } from '@/api/client'
import { en } from '@/language/en'
import { formatsOf, type Formats, type Language } from '@/language/formats'
import { fr, type Messages } from '@/language/fr'

export type { Formats, Language, Messages }

const CATALOGUES: Record<Language, Messages> = { fr, en }
const MEMORY = 'beffroi.language'

type Speech = {
  language: Language
  messages: Messages
  formats: Formats
  speak: (language: Language) => void
  /** Tells the zone in which this territory's times are shown. */
  setZone: (zone: string) => void
}

const Speaking = createContext<Speech | null>(null)

/** French unless the reader chose English here before, or prefers it in the browser. */
function firstLanguage(): Language {
  const chosen = localStorage.getItem(MEMORY)
  if (chosen === 'fr' || chosen === 'en') return chosen
  const preferred = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in CATALOGUES)
  return preferred === 'en' ? 'en' : 'fr'
}

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(() => {
    const first = firstLanguage()
    askIn(first)
    return first
  })
  const [zone, setZone] = useState('Europe/Paris')

  useEffect(() => {
    document.documentElement.lang = language
  }, [language])

  const speech = useMemo<Speech>(
    () => ({
      language,
      messages: CATALOGUES[language],
      formats: formatsOf(language, zone),
      speak: (chosen) => {
        localStorage.setItem(MEMORY, chosen)
        askIn(chosen)
        setLanguage(chosen)
      },
      setZone,
    }),
    [language, zone],
  )
  return <Speaking value={speech}>{children}</Speaking>
}

export function useSpeech(): Speech {
  const speech = use(Speaking)
  if (speech === null) throw new Error('outside LanguageProvider')
  return speech
}

export const useMessages = (): Messages => useSpeech().messages
export const useFormats = (): Formats => useSpeech().formats
