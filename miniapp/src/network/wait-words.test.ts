import { expect, test } from 'vitest'
import { waitWords } from './wait-words.ts'

test('a wait is told in seconds, then in minutes', () => {
  expect(waitWords('en', 0)).toBe('1 second')
  expect(waitWords('en', 12)).toBe('12 seconds')
  expect(waitWords('en', 100)).toBe('2 minutes')
  expect(waitWords('ar', 12)).toMatch(/12/)
})
