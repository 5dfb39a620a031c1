import { useEffect, useState, type RefObject } from 'react'

/** How wide an element is on the screen, in pixels; `before` until it is there. */
export function useWidth(of: RefObject<Element | null>, before: number): number {
  const [width, setWidth] = useState(before)
  useEffect(() => {
    if (of.current === null) return
    const observer = new ResizeObserver(([seen]) => {
      if (seen && seen.contentRect.width > 0) setWidth(seen.contentRect.width)
    })
    observer.observe(of.current)
    return () => observer.disconnect()
  }, [of])
  return width
}
