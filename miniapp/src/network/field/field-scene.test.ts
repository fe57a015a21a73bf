import { expect, test } from 'vitest'
import { type Box, fieldHeight } from './field-areas.ts'
import { drawLife, drawPoints, type Pen } from './field-draw.ts'
import { placeRunners } from './field-places.ts'
import { type Aim, aimScene, type Scene, settleScene, stepScene } from './field-scene.ts'
import { THREADS_MAX, threadsAt, threadX, threadY } from './field-threads.ts'

const FRAME_MS = 32
const size = { width: 328, height: fieldHeight(328, 1) }

/** So many runners in one place, each with so many jobs. */
function aimsOf(count: number, { running = 0, isMeant = true } = {}): Aim[] {
  const runners = Array.from({ length: count }, (_, at) => ({
    key: `r${at}`,
    region: 'EU',
    tokensPerSecond: 40,
  }))
  return [...placeRunners(runners, size).spots.values()].map((spot) => ({ spot, running, isMeant }))
}
function setup(aims: readonly Aim[]) {
  const scene: Scene = new Map()
  aimScene(scene, aims)
  const run = (ms: number) => {
    for (let passed = 0; passed < ms; passed += FRAME_MS) stepScene(scene, FRAME_MS)
  }
  return { scene, run }
}
const first = (scene: Scene) => {
  const point = scene.values().next().value
  if (!point) throw new Error('the scene is empty')
  return point
}

test('who comes is not there at once, grows, and stands where it belongs', () => {
  const { scene, run } = setup(aimsOf(1))
  expect(first(scene).presence).toBe(0)
  run(200)
  expect(first(scene).presence).toBeGreaterThan(0.3)
  expect(first(scene).presence).toBeLessThan(1)
  run(3000)
  expect(first(scene)).toMatchObject({ presence: 1, x: first(scene).aim.spot.x })
})

test('who goes fades before it is gone, and who comes back meanwhile stays', () => {
  const { scene, run } = setup(aimsOf(2))
  run(3000)
  aimScene(scene, aimsOf(2).slice(0, 1))
  run(100)
  expect(scene.size).toBe(2)
  aimScene(scene, aimsOf(2))
  run(3000)
  expect([...scene.values()].map(({ presence }) => presence)).toEqual([1, 1])
  aimScene(scene, [])
  run(3000)
  expect(scene.size).toBe(0)
})

test('a place that moved is reached step by step, and a long sleep is no jump', () => {
  const { scene, run } = setup(aimsOf(1))
  run(3000)
  const from = first(scene).x
  const [aim] = aimsOf(1)
  if (!aim) throw new Error('no aim')
  aimScene(scene, [{ ...aim, spot: { ...aim.spot, x: from + 100 } }])
  stepScene(scene, 60_000)
  expect(first(scene).x).toBeGreaterThan(from)
  expect(first(scene).x).toBeLessThan(from + 50)
})

test('a scene says when nothing in it changes any more', () => {
  const { scene, run } = setup(aimsOf(3))
  expect(stepScene(scene, FRAME_MS)).toBe(true)
  run(4000)
  expect(stepScene(scene, FRAME_MS)).toBe(false)
  aimScene(scene, aimsOf(3, { running: 1 }))
  expect(stepScene(scene, FRAME_MS)).toBe(true)
})

test('who wants no motion sees everything in its place at once', () => {
  const { scene } = setup(aimsOf(3, { running: 1 }))
  aimScene(scene, aimsOf(2, { running: 1 }))
  settleScene(scene)
  expect(scene.size).toBe(2)
  expect([...scene.values()].every(({ presence, work }) => presence === 1 && work === 1)).toBe(true)
})

test('each job has a thread, up to a bound, and all of them stay in their area', () => {
  const { scene } = setup(aimsOf(4, { running: 2 }))
  settleScene(scene)
  expect(threadsAt(scene, 0)).toHaveLength(8)
  const crowd = setup(aimsOf(500, { running: 9 })).scene
  settleScene(crowd)
  for (let ms = 0; ms < 20_000; ms += 450) {
    const threads = threadsAt(crowd, ms)
    expect(threads.length).toBeLessThanOrEqual(THREADS_MAX)
    expect(threads.length).toBeGreaterThan(THREADS_MAX / 2)
    const { room } = first(crowd).aim.spot
    for (const thread of threads) {
      for (const share of [0, 0.5, 1]) {
        expect(isNear(room, threadX(thread, share), threadY(thread, share))).toBe(true)
      }
    }
    expect(threads.every(({ strength }) => strength >= 0 && strength <= 1)).toBe(true)
  }
})
/** A curve may swing out a little. */
const isNear = ({ x: left, y: top, width, height }: Box, x: number, y: number) =>
  x > left - 10 && x < left + width + 10 && y > top - 10 && y < top + height + 10

test('whoever is ready has no thread, nor whoever the page is not about', () => {
  for (const how of [{ running: 0 }, { running: 2, isMeant: false }]) {
    const { scene } = setup(aimsOf(4, how))
    settleScene(scene)
    expect(threadsAt(scene, 500)).toEqual([])
  }
})

test('a frame of 500 points is few strokes, and without motion there is no silk in it', () => {
  const { scene } = setup([...aimsOf(500, { running: 3 })])
  settleScene(scene)
  const moving = record(scene, 1234)
  expect(moving.strokes).toBeLessThan(80)
  expect(moving.colors).toContain('silk')
  expect(record(scene, undefined).colors).not.toContain('silk')
})

function record(scene: Scene, timeMs: number | undefined) {
  let strokes = 0
  const colors = new Set<unknown>()
  const nothing = () => {}
  const pen: Pen = {
    globalAlpha: 1,
    fillStyle: '',
    strokeStyle: '',
    lineWidth: 1,
    lineCap: 'butt',
    beginPath: nothing,
    moveTo: nothing,
    lineTo: nothing,
    arc: nothing,
    clearRect: nothing,
    fill: () => {
      strokes += 1
      colors.add(pen.fillStyle)
    },
    stroke: () => {
      strokes += 1
      colors.add(pen.strokeStyle)
    },
  }
  const page = { leaf: 'leaf', silk: 'silk' }
  if (timeMs !== undefined) drawLife(pen, scene, page, timeMs)
  drawPoints(pen, scene, page, timeMs)
  return { strokes, colors: [...colors] }
}
