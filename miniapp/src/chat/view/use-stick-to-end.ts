import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** This near to its end a conversation is at its end, px. */
const NEAR_PX = 64

type Stick = {
  /** For the element that grows inside of what scrolls. */
  readonly content: RefObject<HTMLDivElement | null>
  /** The person has scrolled up. */
  readonly isAway: boolean
  readonly toEnd: (how?: 'smooth' | 'instant') => void
}

/**
 * Keeps a conversation at its end while it grows, and while the keyboard comes up, unless the person has scrolled up to
 * read. Scrolling down to the end makes it stick again.
 */
export function useStickToEnd(): Stick {
  const content = useRef<HTMLDivElement>(null)
  const isStuck = useRef(true)
  const [isAway, setAway] = useState(false)
  const toEnd = useCallback((how: 'smooth' | 'instant' = 'instant') => {
    const scroller = content.current?.closest('.scroll')
    isStuck.current = true
    setAway(false)
    scroller?.scrollTo({ top: scroller.scrollHeight, behavior: how })
  }, [])
  useLayoutEffect(() => toEnd(), [toEnd])
  useEffect(() => {
    const grown = content.current
    const scroller = grown?.closest('.scroll')
    if (!grown || !scroller) return
    let lastTop = scroller.scrollTop
    const onScroll = () => {
      const left = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight
      if (left < NEAR_PX) isStuck.current = true
      else if (scroller.scrollTop < lastTop - 1) isStuck.current = false
      lastTop = scroller.scrollTop
      setAway(!isStuck.current && left >= NEAR_PX)
    }
    const follow = new ResizeObserver(() => {
      if (isStuck.current) scroller.scrollTop = scroller.scrollHeight
      else onScroll()
    })
    follow.observe(grown)
    follow.observe(scroller)
    scroller.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      follow.disconnect()
      scroller.removeEventListener('scroll', onScroll)
    }
  }, [])
  return { content, isAway, toEnd }
}
