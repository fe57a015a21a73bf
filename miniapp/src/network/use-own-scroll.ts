import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'

const wide = '(min-width: 900px)'

/**
 * On a phone list and detail take turns in one place: a detail begins at its top, and the list is found again where it was
 * left. Side by side nothing moves.
 */
export function useOwnScroll(content: RefObject<HTMLElement | null>, detail: string | undefined): void {
  const listTop = useRef(0)
  const shown = useRef(detail)
  useEffect(() => {
    const scroll = content.current?.closest('main')
    const keep = () => {
      if (scroll && shown.current === undefined) listTop.current = scroll.scrollTop
    }
    scroll?.addEventListener('scroll', keep, { passive: true })
    return () => scroll?.removeEventListener('scroll', keep)
  }, [content])
  useLayoutEffect(() => {
    if (shown.current === detail) return
    shown.current = detail
    const scroll = content.current?.closest('main')
    if (!scroll || matchMedia(wide).matches) return
    scroll.scrollTop = detail === undefined ? listTop.current : 0
    scroll.focus({ preventScroll: true }) // what was focused is not there any more
  }, [content, detail])
}
