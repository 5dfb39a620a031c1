import { createContext, use, useInsertionEffect, useMemo, useState, type ReactNode } from 'react'
import { askIn } from '@/api/client'
import { en } from '@/language/en'
import { formatsOf, type Formats, type Language } from '@/language/formats'
import { fr, type Messages } from '@/language/fr'
import { languageOf } from '@/language/order'

export type { Formats, Language, Messages }

const CATALOGUES: Record<Language, Messages> = { fr, en }
const MEMORY = 'beffroi.language'

type Speech = {
  language: Language
  messages: Messages
  formats: Formats
  /** The reader's choice, kept in this browser. */
  speak: (language: Language) => void
  /** Tells the language saved with the account of who is signed in. */
  setAccountLanguage: (language: Language | null) => void
  /** Tells the zone in which this territory's times are shown. */
  setZone: (zone: string) => void
}

const Speaking = createContext<Speech | null>(null)

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState(() => localStorage.getItem(MEMORY))
  const [account, setAccountLanguage] = useState<Language | null>(null)
  const language = languageOf({ chosen, account, browser: navigator.languages })
  const [zone, setZone] = useState('Europe/Paris')

  useInsertionEffect(() => {
    // Before any effect of a page, which may ask the server.
    askIn(language)
    document.documentElement.lang = language
  }, [language])

  const speech = useMemo<Speech>(
    () => ({
      language,
      messages: CATALOGUES[language],
      formats: formatsOf(language, zone),
      speak: (chosen) => {
        localStorage.setItem(MEMORY, chosen)
        setChosen(chosen)
      },
      setAccountLanguage,
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
