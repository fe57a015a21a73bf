import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { dayOf, type EarnedDay, lineUpDays, sumEarned } from './earning-days.ts'

const TODAY = 20_000
const on = (day: number, amount: bigint, jobs = 1, ledgerId = 1): EarnedDay => ({
  ledgerId,
  day,
  jobs,
  amount: nano(amount),
})

test('a day begins at midnight, UTC', () => {
  expect(dayOf(Date.UTC(2026, 10, 22) - 1)).toBe(dayOf(Date.UTC(2026, 10, 22)) - 1)
  expect(dayOf(Date.UTC(2026, 10, 22, 23, 59, 59, 999))).toBe(dayOf(Date.UTC(2026, 10, 22)))
})
test('today, seven days and thirty days each take in the shorter ones', () => {
  const days = [
    on(TODAY, 1n, 2),
    on(TODAY, 1n, 3, 2),
    on(TODAY - 6, 10n),
    on(TODAY - 7, 100n),
    on(TODAY - 29, 1000n),
  ]
  expect(sumEarned([...days, on(TODAY - 30, 9999n)], TODAY)).toEqual({
    today: 2n,
    days7: 12n,
    days30: 1112n,
    jobsToday: 5,
  })
  expect(sumEarned([], TODAY)).toEqual({ today: 0n, days7: 0n, days30: 0n, jobsToday: 0 })
})
test('each of thirty days has its line, the oldest first, with or without earnings', () => {
  const lines = lineUpDays(
    [on(TODAY, 5n, 2), on(TODAY, 7n, 1, 2), on(TODAY - 29, 3n), on(TODAY - 30, 9n)],
    TODAY,
  )
  expect(lines).toHaveLength(30)
  expect(lines[0]).toEqual({ day: TODAY - 29, amount: 3n, jobs: 1 })
  expect(lines[29]).toEqual({ day: TODAY, amount: 12n, jobs: 3 })
  expect(lines.slice(1, 29).every(({ amount, jobs }) => amount === 0n && jobs === 0)).toBe(true)
  expect(lines.map(({ day }) => day)).toEqual(Array.from({ length: 30 }, (_, at) => TODAY - 29 + at))
})
