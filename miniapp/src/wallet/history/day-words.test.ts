import { expect, test } from 'vitest'
import { dayWords, momentWords, timeWords } from './day-words.ts'

const NOW = new Date(2026, 10, 22, 0, 30).getTime()

test.each([
  ['en', new Date(2026, 10, 22, 0, 1), 'today'],
  ['en', new Date(2026, 10, 21, 23, 59), 'yesterday'],
  ['en', new Date(2026, 10, 23, 23, 59), 'tomorrow'],
  ['en', new Date(2026, 10, 12), 'November 12'],
  ['en', new Date(2025, 11, 31), 'December 31, 2025'],
  ['ru', new Date(2026, 10, 21), 'вчера'],
  ['ar', new Date(2026, 10, 22), 'اليوم'],
  ['ar', new Date(2026, 10, 12), '12 نوفمبر'],
])('in %s %s is %s', (language, date, words) => {
  expect(dayWords(language, date.getTime(), NOW)).toBe(words)
})

test.each(['en', 'ar', 'ru'])('in %s a day has 24 hours', (language) => {
  expect(timeWords(language, new Date(2026, 10, 22, 0, 4).getTime())).toBe('00:04')
})

test('of today only the time is said', () => {
  expect(momentWords('ru', new Date(2026, 10, 22, 14, 5).getTime(), NOW)).toBe('14:05')
  expect(momentWords('ru', new Date(2026, 10, 23, 14, 5).getTime(), NOW)).toBe('завтра 14:05')
})
