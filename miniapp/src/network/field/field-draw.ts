import { fractionOfNumbers } from './field-hash.ts'
import type { Point, Scene } from './field-scene.ts'
import { type Thread, threadsAt, threadX, threadY } from './field-threads.ts'

/** The page's own colours. */
export type FieldColors = { readonly leaf: string; readonly silk: string }

/** What a canvas has to be able to do; the real one does. */
export type Pen = Pick<
  CanvasRenderingContext2D,
  | 'beginPath'
  | 'moveTo'
  | 'lineTo'
  | 'arc'
  | 'fill'
  | 'stroke'
  | 'clearRect'
  | 'globalAlpha'
  | 'fillStyle'
  | 'strokeStyle'
  | 'lineWidth'
  | 'lineCap'
>

/** Points that are equally strong are drawn in one stroke: 500 cost little more than one. */
const LEVELS = 8
const TURN = 2 * Math.PI
/** A thread's curve is so many straight pieces. */
const THREAD_STEPS = 6
/** Below this radius a ring cannot be told from a disc. */
const RING_MIN_RADIUS = 3
/** A beat of a point at work, ms: its shine spreads by this share of the point, and fades. */
const BEAT_MS = 2_800
const SHINE = { reach: 0.8, strength: 0.35 }
/** Of very many who work about so many shine: more would say nothing more, and cost time. */
const SHINES_MAX = 60
/** One breath of any point, ms, and how much it grows by it. */
const BREATH_MS = 5_200
const BREATH = 0.07
/** How strong a point is that the page is not about now. */
const ASIDE = 0.22

/** What moves at a moment: a thread for each job, and a shine that spreads from whoever works. */
export function drawLife(pen: Pen, scene: Scene, { silk, leaf }: FieldColors, timeMs: number): void {
  drawThreads(pen, threadsAt(scene, timeMs), silk)
  drawShine(pen, scene, leaf, (point) => beatOf(point, timeMs))
}

/** The shine of whoever works, where nothing moves. */
export function drawStillShine(pen: Pen, scene: Scene, { leaf }: FieldColors): void {
  drawShine(pen, scene, leaf, () => 0.5)
}

/** Every point: rings for who is ready, discs for who works. Without a time nothing breathes. */
export function drawPoints(pen: Pen, scene: Scene, { leaf }: FieldColors, timeMs?: number): void {
  pen.fillStyle = leaf
  pen.strokeStyle = leaf
  pen.lineWidth = 1.5
  byLevel(pen, scene, {
    most: 1,
    strength: (point) => strengthOf(point) * (readyStrength(point) + (1 - readyStrength(point)) * point.work),
    add: (point) => circle(pen, point, sizeOf(point, timeMs)),
    how: 'fill',
  })
  byLevel(pen, scene, {
    most: 1,
    strength: (point) => (point.radius < RING_MIN_RADIUS ? 0 : strengthOf(point) * (1 - point.work)),
    add: (point) => circle(pen, point, Math.max(0, sizeOf(point, timeMs) - 0.75)),
    how: 'stroke',
  })
  pen.globalAlpha = 1
}

function drawShine(pen: Pen, scene: Scene, leaf: string, beat: (point: Point) => number): void {
  let working = 0
  for (const { work } of scene.values()) if (work > 0) working += 1
  const share = SHINES_MAX / working
  const isShown = ({ work, phase }: Point) =>
    work > 0 && (share >= 1 || fractionOfNumbers(phase, 0, 9) <= share)
  pen.fillStyle = leaf
  byLevel(pen, scene, {
    most: SHINE.strength,
    strength: (point) =>
      isShown(point) ? strengthOf(point) * point.work * SHINE.strength * (1 - beat(point)) : 0,
    add: (point) => circle(pen, point, point.radius * (1 + SHINE.reach * beat(point))),
    how: 'fill',
  })
  pen.globalAlpha = 1
}

function drawThreads(pen: Pen, threads: readonly Thread[], silk: string): void {
  pen.strokeStyle = silk
  pen.lineWidth = 1.3
  pen.lineCap = 'round'
  for (const thread of threads) {
    const { tail, head, strength } = thread
    pen.globalAlpha = strength
    pen.beginPath()
    for (let step = 0; step <= THREAD_STEPS; step++) {
      const share = tail + ((head - tail) * step) / THREAD_STEPS
      const [x, y] = [threadX(thread, share), threadY(thread, share)]
      if (step === 0) pen.moveTo(x, y)
      else pen.lineTo(x, y)
    }
    pen.stroke()
  }
}

/** One list per level, made once: while the field moves nothing new is made for its points. */
const levels: Point[][] = Array.from({ length: LEVELS + 1 }, () => [])

/** Adds each point to the path of its level, and draws each path once. A strength goes up to `most`. */
function byLevel(
  pen: Pen,
  scene: Scene,
  {
    most,
    strength,
    add,
    how,
  }: {
    readonly most: number
    readonly strength: (point: Point) => number
    readonly add: (point: Point) => void
    readonly how: 'fill' | 'stroke'
  },
): void {
  for (const level of levels) level.length = 0
  for (const point of scene.values()) levels[Math.round((strength(point) / most) * LEVELS)]?.push(point)
  for (const [level, equal] of levels.entries()) {
    if (level === 0 || equal.length === 0) continue
    pen.beginPath()
    for (const point of equal) add(point)
    pen.globalAlpha = (level / LEVELS) * most
    pen[how]()
  }
}

function circle(pen: Pen, { x, y }: Point, radius: number): void {
  pen.moveTo(x + radius, y)
  pen.arc(x, y, radius, 0, TURN)
}

/** Nothing that lives stands quite still: each point breathes. */
function sizeOf({ radius, presence, phase }: Point, timeMs: number | undefined): number {
  const breath = timeMs === undefined ? 0 : Math.sin(TURN * (timeMs / BREATH_MS + phase))
  return radius * presence * (1 + BREATH * breath)
}

function strengthOf({ presence, focus }: Point): number {
  return presence * (ASIDE + (1 - ASIDE) * focus)
}

/** A small point has no ring around it, and needs more colour. */
function readyStrength({ radius }: Point): number {
  return radius >= RING_MIN_RADIUS ? 0.15 : 0.5
}

function beatOf({ phase }: Point, timeMs: number): number {
  const beat = timeMs / BEAT_MS + phase
  return beat - Math.floor(beat)
}
