import { useEffect } from 'react'

/** The document's title: the page's own words first. */
export function useTitle(...parts: (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), 'Beffroi'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
