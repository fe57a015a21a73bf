import { fractionOf } from './field-hash.ts'
import type { Spot } from './field-places.ts'

/** What the field shall show of a runner. */
export type Aim = {
  readonly spot: Spot
  /** Jobs that it has. */
  readonly running: number
  /** Part of what the page is about just now; others step back. */
  readonly isMeant: boolean
}

/** A point as it is drawn at this moment. */
export type Point = {
  readonly key: string
  /** From 0 to 1: when in a beat this one is. */
  readonly phase: number
  aim: Aim
  x: number
  y: number
  radius: number
  /** 0: not there. It comes and goes. */
  presence: number
  /** 0: ready, 1: at work. */
  work: number
  /** 1: meant. */
  focus: number
  isLeaving: boolean
}

/** All points, by their runners' keys. They are changed in place: sixty times a second nothing new is made. */
export type Scene = Map<string, Point>

/** How fast a point comes, goes and changes, and how fast it moves: the time in which a third of the way is left, ms. */
const FADE_MS = 260
const MOVE_MS = 420
/** Nearer than this to what it shall be, something is there. */
const SETTLED = 0.004
/** The longest step: after a pause nothing jumps. */
const STEP_MAX_MS = 100

/** Tells the points what they shall become. New ones begin unseen where they belong; those that are gone begin to leave. */
export function aimScene(scene: Scene, aims: readonly Aim[]): void {
  const here = new Set(aims.map(({ spot }) => spot.key))
  for (const aim of aims) {
    const { key, x, y, radius } = aim.spot
    const point = scene.get(key)
    if (point) {
      point.aim = aim
      point.isLeaving = false
      continue
    }
    scene.set(key, {
      key,
      phase: fractionOf(`phase ${key}`),
      aim,
      x,
      y,
      radius,
      presence: 0,
      work: workOf(aim),
      focus: focusOf(aim),
      isLeaving: false,
    })
  }
  for (const [key, point] of scene) if (!here.has(key)) point.isLeaving = true
}

/** Moves every point on by a stretch of time. False when all of them are what they shall be. */
export function stepScene(scene: Scene, passedMs: number): boolean {
  let hasChanged = false
  const ms = Math.min(STEP_MAX_MS, passedMs)
  const fade = 1 - Math.exp(-ms / FADE_MS)
  const move = 1 - Math.exp(-ms / MOVE_MS)
  for (const [key, point] of scene) {
    const { aim, isLeaving } = point
    if (point.presence !== 1 || isLeaving) {
      point.presence = towards(point.presence, isLeaving ? 0 : 1, fade)
      hasChanged = true
    }
    if (isLeaving && point.presence === 0) {
      scene.delete(key)
      hasChanged = true
      continue
    }
    if (isThere(point)) continue
    hasChanged = true
    point.work = towards(point.work, workOf(aim), fade)
    point.focus = towards(point.focus, focusOf(aim), fade)
    point.x = towards(point.x, aim.spot.x, move)
    point.y = towards(point.y, aim.spot.y, move)
    point.radius = towards(point.radius, aim.spot.radius, move)
  }
  return hasChanged
}

function isThere({ aim, isLeaving, presence, work, focus, x, y, radius }: Point): boolean {
  const { spot } = aim
  return (
    !isLeaving &&
    presence === 1 &&
    work === workOf(aim) &&
    focus === focusOf(aim) &&
    x === spot.x &&
    y === spot.y &&
    radius === spot.radius
  )
}

/** Puts every point where it shall be: for whoever wants no motion, and for a field that was not seen meanwhile. */
export function settleScene(scene: Scene): void {
  for (const [key, point] of scene) {
    const { aim, isLeaving } = point
    if (isLeaving) {
      scene.delete(key)
      continue
    }
    const { x, y, radius } = aim.spot
    Object.assign(point, { x, y, radius, presence: 1, work: workOf(aim), focus: focusOf(aim) })
  }
}

function towards(now: number, aim: number, share: number): number {
  const left = aim - now
  return Math.abs(left) < SETTLED ? aim : now + left * share
}

function workOf({ running }: Aim): number {
  return running > 0 ? 1 : 0
}

function focusOf({ isMeant }: Aim): number {
  return isMeant ? 1 : 0
}
