import { expect, test } from 'vitest'
import type { Piece } from '../engine/engine.ts'
import { createCoalescer } from './coalescer.ts'

/** Plays an answer of one token every `stepMs` and gives the frames with the time each went out. */
function play(tokens: number, stepMs: number) {
  const coalescer = createCoalescer()
  const frames: { piece: Piece; atMs: number }[] = []
  const keep = (piece: Piece | undefined, atMs: number) => piece && frames.push({ piece, atMs })
  for (let i = 0; i < tokens; i++) {
    const nowMs = i * stepMs
    const dueMs = coalescer.dueAtMs()
    if (dueMs !== undefined && dueMs < nowMs) keep(coalescer.flush(dueMs), dueMs)
    keep(coalescer.add({ text: `${i} `, tokens: 1, tokenIds: [i] }, nowMs), nowMs)
  }
  keep(coalescer.flush(tokens * stepMs), tokens * stepMs)
  return frames
}

test('the first piece goes out at once', () => {
  const coalescer = createCoalescer()
  expect(coalescer.add({ text: 'a', tokens: 1 }, 5000)).toEqual({ text: 'a', tokens: 1 })
})

test.each([
  ['50', 500, 20],
  ['100', 500, 10],
  ['500', 500, 2],
  ['2000', 500, 0.5],
])('500 tokens at %s tokens/s are at most 30 frames', (_, tokens, stepMs) => {
  const frames = play(tokens, stepMs)
  expect(frames.length).toBeLessThanOrEqual(30)
  expect(frames.map(({ piece }) => piece.text).join('')).toBe(
    Array.from({ length: tokens }, (_unused, i) => `${i} `).join(''),
  )
  expect(frames.flatMap(({ piece }) => piece.tokenIds ?? [])).toHaveLength(tokens)
})

test('in the first second frames are 100 ms apart, then 500 ms', () => {
  const gaps = play(150, 20).map(({ atMs }, i, all) => atMs - (all[i - 1]?.atMs ?? 0))
  expect(gaps.slice(1, 11)).toEqual(Array.from({ length: 10 }, () => 100))
  expect(gaps.slice(11, 14)).toEqual([500, 500, 500])
})

test('a slow engine loses no time: a token that comes after its interval goes out at once', () => {
  const frames = play(4, 700)
  expect(frames.map(({ atMs }) => atMs)).toEqual([0, 700, 1400, 2100])
})

test('what is held is due one interval after the last frame', () => {
  const coalescer = createCoalescer()
  coalescer.add({ text: 'a', tokens: 1 }, 1000)
  expect(coalescer.dueAtMs()).toBeUndefined()
  expect(coalescer.add({ text: 'b', tokens: 1 }, 1010)).toBeUndefined()
  expect(coalescer.dueAtMs()).toBe(1100)
  expect(coalescer.flush(1100)).toEqual({ text: 'b', tokens: 1 })
  expect(coalescer.flush(1101)).toBeUndefined()
})

test('ids are left out of a frame where one of its pieces has none', () => {
  const coalescer = createCoalescer()
  coalescer.add({ text: 'a', tokens: 1, tokenIds: [1] }, 0)
  coalescer.add({ text: 'b', tokens: 1, tokenIds: [2] }, 1)
  coalescer.add({ text: 'c', tokens: 1 }, 2)
  expect(coalescer.flush(3)).toEqual({ text: 'bc', tokens: 2 })
})

test('tool calls of one frame stay in order', () => {
  const coalescer = createCoalescer()
  coalescer.add({ text: '', tokens: 1, toolCalls: [0] }, 0)
  coalescer.add({ text: '', tokens: 1, toolCalls: [1] }, 1)
  coalescer.add({ text: '', tokens: 1, toolCalls: [2] }, 2)
  expect(coalescer.flush(3)?.toolCalls).toEqual([1, 2])
})

test('thoughts of several pieces go out together, apart from the text', () => {
  const coalescer = createCoalescer()
  coalescer.add({ text: '', tokens: 1, reasoning: 'a' }, 0)
  coalescer.add({ text: '', tokens: 1, reasoning: 'b' }, 1)
  coalescer.add({ text: 'Yes', tokens: 1 }, 2)
  coalescer.add({ text: '.', tokens: 1, reasoning: 'c' }, 3)
  expect(coalescer.flush(4)).toEqual({ text: 'Yes.', tokens: 3, reasoning: 'bc' })
})

test('a frame is sent before it grows too large', () => {
  const coalescer = createCoalescer()
  coalescer.add({ text: 'a', tokens: 1 }, 0)
  expect(coalescer.add({ text: 'x'.repeat(60_000), tokens: 1 }, 1)).toBeUndefined()
  expect(coalescer.add({ text: 'x'.repeat(60_000), tokens: 1 }, 2)?.text).toHaveLength(120_000)
})
