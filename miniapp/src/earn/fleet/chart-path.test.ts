import { expect, test } from 'vitest'
import { chartShape, nearestPoint } from './chart-path.ts'

const SIZE = { width: 300, height: 80, padding: 4 }

test('the largest day touches the top, and a day without anything the ground', () => {
  const { points, line } = chartShape([0n, 5n, 10n], SIZE)
  expect(points).toEqual([
    { x: 0, y: 76 },
    { x: 150, y: 40 },
    { x: 300, y: 4 },
  ])
  expect(line).toBe('M0 76L150 40L300 4')
})

test('the surface is closed at the bottom', () => {
  expect(chartShape([1n, 1n], SIZE).area).toBe('M0 4L300 4L300 80L0 80Z')
})

test('days without any earning are a line on the ground, not a division by nothing', () => {
  expect(chartShape([0n, 0n], SIZE).points.map(({ y }) => y)).toEqual([76, 76])
})

test('amounts beyond what a float holds keep their order', () => {
  const [one, other] = chartShape([9_007_199_254_740_990n, 4_503_599_627_370_495n], SIZE).points
  expect(one?.y).toBeLessThan(other?.y ?? 0)
})

test('no days, no path; one day, a point in the middle', () => {
  expect(chartShape([], SIZE)).toEqual({ points: [], line: '', area: '' })
  expect(chartShape([3n], SIZE).points).toEqual([{ x: 150, y: 4 }])
})

test('a finger beyond the edge means the last day there', () => {
  expect(nearestPoint(7, -0.2)).toBe(0)
  expect(nearestPoint(7, 1.4)).toBe(6)
  expect(nearestPoint(7, 0.5)).toBe(3)
})
