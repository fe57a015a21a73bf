import { expect, test } from 'vitest'
import { createRankSet } from './rank-set.ts'

test('whatever is added and taken away, the next member is the one that a sorted list has', () => {
  let seed = 7
  const random = (max: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return seed % max
  }
  for (const size of [1, 31, 32, 33, 1024, 1025, 40_000]) {
    const set = createRankSet(size)
    const list = new Set<number>()
    for (let round = 0; round < 400; round++) {
      const rank = random(size)
      if (random(3) > 0) {
        set.add(rank)
        list.add(rank)
      } else {
        set.delete(rank)
        list.delete(rank)
      }
      const from = random(size)
      const expected = [...list].filter((one) => one >= from).toSorted((a, b) => a - b)[0]
      expect(set.next(from), `size ${size}, round ${round}, from ${from}`).toBe(expected)
    }
  }
})
test('an empty set, and one past its last member, have no next', () => {
  const set = createRankSet(100)
  expect(set.next(0)).toBeUndefined()
  set.add(99)
  expect(set.next(99)).toBe(99)
  expect(set.next(100)).toBeUndefined()
  set.delete(99)
  set.delete(5)
  expect(set.next(0)).toBeUndefined()
})
