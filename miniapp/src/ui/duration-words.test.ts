import { expect, test } from 'vitest'
import { dayWords, durationWords, minutesLeft, momentWords, shareWords } from './duration-words.ts'

const MINUTE = 60_000

test('a time is said in its largest unit, in the words of the language', () => {
  expect(durationWords('en', 3 * 60 * MINUTE + 59 * MINUTE)).toBe('3 hours')
  expect(durationWords('en', 400)).toBe('1 second')
  expect(durationWords('en', 49 * 60 * MINUTE)).toBe('2 days')
  expect(durationWords('ru', 5 * MINUTE)).toBe('5 минут')
  expect(durationWords('ar', 11 * MINUTE)).toBe('11 دقيقة')
})

test('the last minute is still one', () => {
  expect(minutesLeft(10 * MINUTE, 0)).toBe(10)
  expect(minutesLeft(MINUTE, MINUTE - 1)).toBe(1)
  expect(minutesLeft(MINUTE, MINUTE)).toBe(0)
  expect(minutesLeft(MINUTE, 5 * MINUTE)).toBe(0)
})

test('a moment of another day says its day', () => {
  const now = new Date(2026, 10, 22, 12).getTime()
  expect(momentWords('en', now - 60 * MINUTE, now)).not.toContain('Nov')
  expect(momentWords('en', now - 26 * 60 * MINUTE, now)).toContain('Nov 21')
})

test('a day of UTC stays that day in every time zone', () => {
  expect(dayWords('en', '2026-11-22')).toBe('Nov 22')
})

test('a missing minute is not rounded away', () => {
  expect(shareWords('en', 0.9999)).toBe('99%')
  expect(shareWords('en', 1)).toBe('100%')
  expect(shareWords('en', 0.0001)).toBe('1%')
  expect(shareWords('en', 0)).toBe('0%')
})
