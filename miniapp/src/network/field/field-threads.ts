import { fractionOfNumbers } from './field-hash.ts'
import type { Point, Scene } from './field-scene.ts'

/** Threads that one point shows at most, and all of them together: more would say nothing more, and cost time. */
const THREADS_OF_POINT_MAX = 3
export const THREADS_MAX = 32
/** How long a thread is drawn out, ms; then the next one begins, another way. */
const CYCLE_MS = 3_400
/** Its length beyond the point's edge, px. */
const LENGTH = { min: 14, more: 20 }
/** How much of a thread is seen at a time. */
const SEEN = 0.6

/** A thread at a moment: the piece of it that is seen, and how strong it is. */
export type Thread = {
  readonly point: Point
  readonly angle: number
  readonly bend: number
  readonly length: number
  /** The piece's ends, as shares of the length. */
  readonly tail: number
  readonly head: number
  /** −1 on an axis: turned round. */
  readonly across: 1 | -1
  readonly down: 1 | -1
  readonly strength: number
}

/** The threads of all jobs at a moment: each is drawn out of its runner's point and is gone. Of very many, some are shown. */
export function threadsAt(scene: Scene, timeMs: number): readonly Thread[] {
  let jobs = 0
  for (const point of scene.values()) jobs += threadsOf(point)
  const share = Math.min(1, THREADS_MAX / jobs)
  const threads: Thread[] = []
  for (const point of scene.values()) {
    const count = threadsOf(point)
    for (let thread = 0; thread < count && threads.length < THREADS_MAX; thread++) {
      if (fractionOfNumbers(point.phase, thread, 0) <= share) threads.push(threadAt(point, thread, timeMs))
    }
  }
  return threads
}

function threadsOf({ aim, isLeaving, work, focus }: Point): number {
  return isLeaving || work < 0.5 || focus < 0.5 ? 0 : Math.min(THREADS_OF_POINT_MAX, aim.running)
}

function threadAt(point: Point, thread: number, timeMs: number): Thread {
  const beats = timeMs / CYCLE_MS + point.phase + thread / THREADS_OF_POINT_MAX
  const cycle = Math.floor(beats)
  const beat = beats - cycle
  const chance = (nth: number) => fractionOfNumbers(point.phase, 3 * cycle + nth, 1 + thread)
  const angle = 2 * Math.PI * chance(0)
  const bend = (chance(1) - 0.5) * 1.8
  const length = LENGTH.min + LENGTH.more * chance(2)
  return {
    point,
    angle,
    bend,
    length,
    head: Math.min(1, beat * (1 + SEEN)),
    tail: Math.max(0, beat * (1 + SEEN) - SEEN),
    strength: Math.sin(Math.PI * beat) * point.presence * point.work,
    ...turnInwards(point, angle + bend / 2, point.radius + length),
  }
}

/** Where a thread is at a share of its length. */
export function threadX({ point, angle, bend, length, across }: Thread, share: number): number {
  return point.x + across * Math.cos(angle + bend * share * share) * (point.radius + length * share)
}

export function threadY({ point, angle, bend, length, down }: Thread, share: number): number {
  return point.y + down * Math.sin(angle + bend * share * share) * (point.radius + length * share)
}

/** Turns a thread round that would leave its area, where names are. */
function turnInwards({ x, y, aim }: Point, angle: number, far: number): Pick<Thread, 'across' | 'down'> {
  const { room } = aim.spot
  const [endX, endY] = [x + Math.cos(angle) * far, y + Math.sin(angle) * far]
  return {
    across: endX < room.x || endX > room.x + room.width ? -1 : 1,
    down: endY < room.y || endY > room.y + room.height ? -1 : 1,
  }
}
