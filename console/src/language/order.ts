import type { Language } from '@/language/formats'

type Voices = { chosen: string | null; account: Language | null; browser: readonly string[] }

/** What the reader chose in this browser, else what the account says, else what the browser prefers; French otherwise. */
export function languageOf({ chosen, account, browser }: Voices): Language {
  if (isLanguage(chosen)) return chosen
  return account ?? browser.map((tag) => tag.slice(0, 2)).find(isLanguage) ?? 'fr'
}

function isLanguage(code: string | null): code is Language {
  return code === 'fr' || code === 'en'
}
