import { expect, test } from 'vitest'
import { backoffMs } from './backoff.ts'

test('the longest wait doubles from 0.2 s to 30 s', () => {
  const longest = Array.from({ length: 12 }, (_, attempt) => backoffMs(attempt, 0.999_999))
  expect(longest).toEqual([199, 399, 799, 1599, 3199, 6399, 12_799, 25_599, 29_999, 29_999, 29_999, 29_999])
})

test('the jitter is full: a wait may be anything from nothing', () => {
  expect(backoffMs(8, 0)).toBe(0)
  expect(backoffMs(8, 0.5)).toBe(15_000)
})

test('a lower cap holds, and very many attempts do not overflow', () => {
  expect(backoffMs(9, 0.999_999, 2000)).toBe(1999)
  expect(backoffMs(100_000, 0.999_999)).toBe(29_999)
})
