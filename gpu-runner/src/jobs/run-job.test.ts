import { expect, test } from 'vitest'
import { FRAME_MAX_CHARS } from '../../../protocol/src/runner/version.ts'
import { splitVectors } from './run-job.ts'

test('a batch that fits stays whole', () => {
  expect(splitVectors(['a', 'b', 'c'])).toEqual([['a', 'b', 'c']])
  expect(splitVectors([])).toEqual([])
})

test('a large batch is cut so that each frame is accepted, in order', () => {
  const vectors = Array.from({ length: 16 }, (_, i) => `${i}`.padEnd(300_000, 'A'))
  const parts = splitVectors(vectors)
  expect(parts.flat()).toEqual(vectors)
  for (const part of parts) expect(JSON.stringify(part).length).toBeLessThan(FRAME_MAX_CHARS - 1000)
})
