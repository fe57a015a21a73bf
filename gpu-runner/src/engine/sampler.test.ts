import { describe, expect, test } from 'vitest'
import { argmax, createSampler, type Sampling, uniformAt } from './sampler.ts'

const GREEDY: Sampling = {
  temperature: 0,
  topP: 1,
  topK: 0,
  seed: 1,
  frequencyPenalty: 0,
  presencePenalty: 0,
}
const DRAWN: Sampling = { ...GREEDY, temperature: 1 }
const DRAWS = 20_000

/** How often each token was drawn, as shares. */
function shares(logits: Float32Array, sampling: Sampling): number[] {
  const sampler = createSampler(sampling)
  const counts = Array.from(logits, () => 0)
  for (let position = 0; position < DRAWS; position++) {
    const id = sampler.pick(logits, position)
    counts[id] = (counts[id] ?? 0) + 1
  }
  return counts.map((count) => count / DRAWS)
}

describe('greedy', () => {
  test('takes the largest, and of equal ones the first', () => {
    expect(createSampler(GREEDY).pick(Float32Array.of(1, 3, 2), 0)).toBe(1)
    expect(createSampler(GREEDY).pick(Float32Array.of(1, 3, 3), 0)).toBe(1)
    expect(argmax(Float32Array.of(-5, -2, -9))).toBe(1)
  })
})

describe('drawing', () => {
  const logits = Float32Array.from([Math.log(0.5), Math.log(0.3), Math.log(0.15), Math.log(0.05)])

  test('follows the softmax', () => {
    const found = shares(logits, DRAWN)
    for (const [i, share] of [0.5, 0.3, 0.15, 0.05].entries()) expect(found[i]).toBeCloseTo(share, 1.7)
  })

  test('a temperature below 1 sharpens by exactly its power', () => {
    const squares = [0.25, 0.09, 0.0225, 0.0025]
    const sum = squares.reduce((a, b) => a + b)
    const found = shares(logits, { ...DRAWN, temperature: 0.5 })
    for (const [i, square] of squares.entries()) expect(found[i]).toBeCloseTo(square / sum, 1.7)
  })

  test('top-p keeps the smallest set that reaches it, and nothing else', () => {
    expect(shares(logits, { ...DRAWN, topP: 0.8 })[2]).toBe(0)
    expect(shares(logits, { ...DRAWN, topP: 0.81 })[2]).toBeGreaterThan(0)
    expect(shares(logits, { ...DRAWN, topP: 0.81 })[3]).toBe(0)
  })

  test('top-p 0 still leaves the most likely token', () => {
    expect(shares(logits, { ...DRAWN, topP: 0 })).toEqual([1, 0, 0, 0])
  })

  test('top-k keeps so many', () => {
    const found = shares(logits, { ...DRAWN, topK: 2 })
    expect(found[0]).toBeCloseTo(0.625, 1.7)
    expect(found.slice(2)).toEqual([0, 0])
  })

  test('the same seed gives the same tokens, another seed others', () => {
    const take = (seed: number) => {
      const sampler = createSampler({ ...DRAWN, seed })
      return Array.from({ length: 40 }, (_, position) => sampler.pick(logits, position))
    }
    expect(take(7)).toEqual(take(7))
    expect(take(7)).not.toEqual(take(8))
  })

  test('a draw does not depend on the draws before it', () => {
    const sampler = createSampler(DRAWN)
    const all = Array.from({ length: 30 }, (_, position) => sampler.pick(logits, position))
    const later = createSampler(DRAWN)
    expect(all.slice(11)).toEqual(Array.from({ length: 19 }, (_, i) => later.pick(logits, 11 + i)))
  })

  test('large vocabularies and extreme logits stay finite', () => {
    const wide = new Float32Array(50_000).fill(-1e30)
    wide[31_337] = 1e4
    expect(createSampler({ ...DRAWN, topP: 0.9 }).pick(wide, 0)).toBe(31_337)
  })
})

describe('penalties', () => {
  test('frequency counts each time, presence once', () => {
    const logits = Float32Array.of(2, 1.4)
    const sampler = createSampler({ ...GREEDY, frequencyPenalty: 0.25 })
    sampler.note(0)
    sampler.note(0)
    expect(sampler.pick(logits, 2)).toBe(0)
    sampler.note(0)
    expect(sampler.pick(logits, 3)).toBe(1)
    const present = createSampler({ ...GREEDY, presencePenalty: 0.5 })
    for (let i = 0; i < 9; i++) present.note(0)
    expect(present.pick(logits, 9)).toBe(0)
  })

  test('the model’s own numbers are left alone', () => {
    const logits = Float32Array.of(2, 1)
    const sampler = createSampler({ ...GREEDY, presencePenalty: 2 })
    sampler.note(0)
    sampler.pick(logits, 1)
    expect([...logits]).toEqual([2, 1])
  })
})

test('uniform numbers lie in [0, 1) and are even', () => {
  const values = Array.from({ length: 50_000 }, (_, i) => uniformAt(2 ** 40 + 3, i))
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0)
  expect(Math.max(...values)).toBeLessThan(1)
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = values.filter((value) => Math.floor(value * 10) === tenth).length / values.length
    expect(share).toBeCloseTo(0.1, 2)
  }
})
