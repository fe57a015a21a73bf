import { type RefObject, useEffect, useRef } from 'react'

/** A part of the screen this high is a keyboard, not a bar of the browser, px. */
const KEYBOARD_PX = 120

/**
 * Keeps the composer above the keyboard where that lies over the page (iOS): `--keyboard` is what it covers, and
 * `data-keyboard` says that it is there. Elsewhere the page itself becomes smaller.
 */
export function useKeyboard(): RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const view = window.visualViewport
    if (!view) return
    const fit = () => {
      const covered = Math.max(0, Math.round(window.innerHeight - view.height))
      const isOpen = covered > KEYBOARD_PX && view.scale === 1
      element.current?.style.setProperty('--keyboard', isOpen ? `${covered}px` : '0px')
      element.current?.toggleAttribute('data-keyboard', isOpen)
      if (isOpen && view.offsetTop > 0) window.scrollTo(0, 0) // iOS moves the whole page up behind it
    }
    const leave = new AbortController()
    view.addEventListener('resize', fit, { signal: leave.signal })
    view.addEventListener('scroll', fit, { signal: leave.signal })
    return () => leave.abort()
  }, [])
  return element
}
