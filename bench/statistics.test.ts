import { expect, test } from 'vitest'
import { median, percentile, rotate } from './statistics.ts'

test('a percentile lies on the line between its two neighbours', () => {
  expect(percentile([4, 1, 3, 2], 0.5)).toBe(2.5)
  expect(percentile([10, 20], 0.95)).toBeCloseTo(19.5)
  expect(percentile([7], 0.95)).toBe(7)
})
test('the values stay as they were', () => {
  const values = [3, 1, 2]
  expect(median(values)).toBe(2)
  expect(values).toEqual([3, 1, 2])
})
test('nothing has no percentile', () => {
  expect(percentile([], 0.5)).toBeNaN()
})
test('each round begins with another item and leaves none out', () => {
  expect(rotate(['a', 'b', 'c'], 4)).toEqual(['b', 'c', 'a'])
  expect(rotate([], 3)).toEqual([])
})
