import { expect, test } from 'vitest'
import { ageWords } from './age-words.ts'

test('an age is told in the largest unit that fits', () => {
  expect(ageWords('en', 0)).toBe('1 second ago')
  expect(ageWords('en', 35_000)).toBe('35 seconds ago')
  expect(ageWords('en', 130_000)).toBe('2 minutes ago')
  expect(ageWords('en', 3 * 3_600_000)).toBe('3 hours ago')
  expect(ageWords('ar', 35_000)).toMatch(/35/)
  expect(ageWords('ru', 35_000)).toBe('35 секунд назад')
})
