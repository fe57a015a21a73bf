import { type RefObject, useEffect, useRef } from 'react'
import type { Size } from './field-areas.ts'
import { createFieldPainter, fitCanvas } from './field-painter.ts'
import { type Aim, aimScene, type Scene } from './field-scene.ts'

/** From one drawing to the next frame of the screen, ms: about thirty drawings a second, since nothing here is fast. */
const PAUSE_MS = 22

type Shown = { readonly aims: readonly Aim[]; readonly size: Size; readonly isStill: boolean }

/**
 * Keeps a canvas drawn: moving while it is looked at, drawn once where nothing shall move (`isStill`, or the person wants
 * less motion), and asleep while the page is hidden or the canvas out of sight.
 */
export function useField(canvas: RefObject<HTMLCanvasElement | null>, shown: Shown): void {
  const scene = useRef<Scene>(new Map())
  const field = useRef<ReturnType<typeof runField>>(undefined)
  const latest = useRef(shown)
  latest.current = shown
  useEffect(() => {
    if (!canvas.current) return
    const running = runField(canvas.current, scene.current, () => latest.current)
    field.current = running
    return running.stop
  }, [canvas])
  const { aims, size, isStill } = shown
  useEffect(() => {
    const element = canvas.current
    if (element) fitCanvas(element, size)
    aimScene(scene.current, aims)
    field.current?.wake()
  }, [canvas, aims, size])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what stands still is dimmed, too
  useEffect(() => field.current?.recolor(), [isStill])
}

function runField(element: HTMLCanvasElement, scene: Scene, read: () => Shown) {
  const calm = matchMedia('(prefers-reduced-motion: reduce)')
  const night = matchMedia('(prefers-color-scheme: dark)')
  const painter = createFieldPainter(element, scene)
  let frame: number | undefined
  let pause: ReturnType<typeof setTimeout> | undefined
  let lastMs: number | undefined
  let isInSight = true

  const draw = (nowMs: number) => {
    const { size, isStill } = read()
    const isMoving = !calm.matches && !isStill
    if (isMoving) painter.paintMoment(size, { nowMs, passedMs: nowMs - (lastMs ?? nowMs) })
    else painter.paintStill(size)
    lastMs = nowMs
    return isMoving
  }
  const run = (nowMs: number) => {
    frame = undefined
    if (document.hidden || !isInSight) return
    if (draw(nowMs)) pause = setTimeout(wake, PAUSE_MS)
  }
  const wake = () => {
    clearTimeout(pause)
    frame ??= requestAnimationFrame(run)
  }
  const sight = new IntersectionObserver((entries) => {
    isInSight = entries.at(-1)?.isIntersecting ?? true
    wake()
  })
  const recolor = () => {
    painter.readColorsAgain()
    wake()
  }
  const look = new MutationObserver(recolor)
  sight.observe(element)
  look.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme', 'style'] })
  document.addEventListener('visibilitychange', wake)
  calm.addEventListener('change', wake)
  night.addEventListener('change', recolor)
  wake()
  return {
    recolor,
    wake,
    stop: () => {
      clearTimeout(pause)
      if (frame !== undefined) cancelAnimationFrame(frame)
      frame = undefined
      sight.disconnect()
      look.disconnect()
      document.removeEventListener('visibilitychange', wake)
      calm.removeEventListener('change', wake)
      night.removeEventListener('change', recolor)
    },
  }
}
