import type { Size } from './field-areas.ts'
import { drawLife, drawPoints, drawStillShine, type FieldColors } from './field-draw.ts'
import { type Scene, settleScene, stepScene } from './field-scene.ts'

/** Up to so many points breathe; more of them are kept as one picture and drawn anew only when one of them changes. */
const BREATHING_MAX = 40
/** More pixels than this for one of CSS are not seen in points, and cost time. */
const DENSITY_MAX = 2

export type FieldPainter = {
  /** The page's colours are others now. */
  readonly readColorsAgain: () => void
  /** Moves everything on, and draws it as it is at this moment. */
  readonly paintMoment: (size: Size, time: { readonly nowMs: number; readonly passedMs: number }) => void
  /** Draws everything in its place, and nothing that would move. */
  readonly paintStill: (size: Size) => void
}

/** Draws a scene into a canvas: for a crowd, in less than 2 ms on a phone. */
export function createFieldPainter(canvas: HTMLCanvasElement, scene: Scene): FieldPainter {
  const pen = canvas.getContext('2d')
  const crowd = document.createElement('canvas')
  let colors = readColors(canvas)
  let isCrowdOld = true

  const readColorsAgain = () => {
    colors = readColors(canvas)
    isCrowdOld = true
  }
  const paintCrowd = (to: CanvasRenderingContext2D, size: Size) => {
    if (fitCanvas(crowd, size) || isCrowdOld) {
      const pen = crowd.getContext('2d')
      pen?.clearRect(0, 0, size.width, size.height)
      if (pen) drawPoints(pen, scene, colors)
      isCrowdOld = false
    }
    to.drawImage(crowd, 0, 0, size.width, size.height)
  }
  return {
    readColorsAgain,
    paintMoment: (size, { nowMs, passedMs }) => {
      if (!pen || size.width === 0) return
      if (stepScene(scene, passedMs)) isCrowdOld = true
      pen.clearRect(0, 0, size.width, size.height)
      drawLife(pen, scene, colors, nowMs)
      if (scene.size > BREATHING_MAX) paintCrowd(pen, size)
      else drawPoints(pen, scene, colors, nowMs)
    },
    paintStill: (size) => {
      if (!pen || size.width === 0) return
      readColorsAgain() // what is not as it is now is dimmed
      settleScene(scene)
      pen.clearRect(0, 0, size.width, size.height)
      drawStillShine(pen, scene, colors)
      drawPoints(pen, scene, colors)
    },
  }
}

/** Gives a canvas as many pixels as the screen has, so that it is drawn in CSS pixels. True when it is empty now. */
export function fitCanvas(canvas: HTMLCanvasElement, { width, height }: Size): boolean {
  const density = Math.min(DENSITY_MAX, devicePixelRatio)
  const [across, down] = [Math.round(width * density), Math.round(height * density)]
  if (canvas.width === across && canvas.height === down) return false
  canvas.width = across
  canvas.height = down
  canvas.getContext('2d')?.scale(density, density)
  return true
}

function readColors(element: Element): FieldColors {
  const style = getComputedStyle(element)
  return { leaf: style.getPropertyValue('--leaf'), silk: style.getPropertyValue('--silk') }
}
