import { useEffect, useRef, useState } from 'react'
import { revealNext } from './reveal.ts'

/** Pictures a second are plenty for text; older phones have time for the rest. */
const FRAME_MS = 30

/** A text that comes in lumps, shown as it would be written. What is there at first is shown at once. */
export function useSmoothText(text: string): string {
  const [shown, setShown] = useState(text.length)
  const target = useRef(text)
  target.current = text
  const hasMore = shown < text.length
  useEffect(() => {
    if (!hasMore) return
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return setShown(target.current.length)
    let last = performance.now()
    let frame = requestAnimationFrame(function step(nowMs) {
      if (nowMs - last >= FRAME_MS) {
        const elapsedMs = nowMs - last
        last = nowMs
        setShown((before) => revealNext(target.current, before, elapsedMs))
      }
      frame = requestAnimationFrame(step)
    })
    return () => cancelAnimationFrame(frame)
  }, [hasMore])
  return text.slice(0, Math.min(shown, text.length))
}
