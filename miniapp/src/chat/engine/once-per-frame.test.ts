import { expect, test } from 'vitest'
import { oncePerFrame } from './once-per-frame.ts'

test('many calls are one in the next frame, and none after leaving', () => {
  const frames = new Map<number, () => void>()
  let ran = 0
  const batch = oncePerFrame(
    () => {
      ran += 1
    },
    (frame) => {
      frames.set(frames.size + 1, frame)
      return frames.size
    },
    (id) => void frames.delete(id),
  )
  for (let calls = 0; calls < 100; calls++) batch.call()
  expect([frames.size, ran]).toEqual([1, 0])
  frames.get(1)?.()
  expect(ran).toBe(1)
  batch.call()
  expect(frames.size).toBe(2)
  batch.cancel()
  expect(frames.size).toBe(1)
})
