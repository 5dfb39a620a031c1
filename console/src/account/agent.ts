/** A browser and a system by the names people know, from what a browser says of itself; null where it says nothing. */
export type Device = { browser: string; system: string | null } | null

const BROWSERS: [RegExp, string][] = [
  [/Edg(?:e|A|iOS)?\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrom(?:e|ium)\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
  [/curl\//, 'curl'],
]
const SYSTEMS: [RegExp, string][] = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]

export function deviceOf(agent: string): Device {
  const named = (all: [RegExp, string][]) => all.find(([mark]) => mark.test(agent))?.[1]
  const browser = named(BROWSERS)
  return browser === undefined ? null : { browser, system: named(SYSTEMS) ?? null }
}
