import { expect, test } from 'vitest'
import { dayOf, parseDay, toDayText } from './reserve-day.ts'

test('a day begins at midnight UTC', () => {
  const midnight = Date.UTC(2026, 10, 22)
  expect(toDayText(dayOf(midnight))).toBe('2026-11-22')
  expect(toDayText(dayOf(midnight - 1))).toBe('2026-11-21')
  expect(parseDay('2026-11-22')).toBe(dayOf(midnight))
})
test.each(['2026-02-29', '2026-13-01', '2026-1-1', '1969-12-31', '20414', '', '2026-11-22T00:00'])(
  '%j is no day',
  (text) => {
    expect(parseDay(text)).toBeUndefined()
  },
)
