import { type RefObject, useLayoutEffect, useState } from 'react'

/** How wide an element is, in whole CSS pixels; 0 until it is in the page, and while it is not shown. */
export function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const watched = element.current
    if (!watched) return
    const read = () => setWidth(Math.floor(watched.clientWidth))
    const observer = new ResizeObserver(read)
    observer.observe(watched)
    read()
    return () => observer.disconnect()
  }, [element])
  return width
}
