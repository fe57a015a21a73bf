import { type RefCallback, useCallback } from 'react'

/** How far each list was scrolled when somebody left it for a detail. */
const kept = new Map<string, number>()

/** Puts a page back where it was scrolled to before. For an element that the page always shows. */
export function useKeptScroll(name: string): RefCallback<HTMLElement> {
  return useCallback(
    (element: HTMLElement | null) => {
      const scroller = element?.closest('.scroll')
      if (!scroller) return
      const keep = () => kept.set(name, scroller.scrollTop)
      scroller.scrollTop = kept.get(name) ?? 0
      scroller.addEventListener('scroll', keep, { passive: true })
      return () => scroller.removeEventListener('scroll', keep)
    },
    [name],
  )
}
