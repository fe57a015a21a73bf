import { type Nano, nano } from '../../../protocol/src/money.ts'

/** What a runner earned on a day, UTC. */
export type EarnedDay = {
  /** The runner's place in the ledger. */
  readonly ledgerId: number
  /** Days since 1970. */
  readonly day: number
  readonly jobs: number
  readonly amount: Nano
}
export type EarnedSums = {
  /** Since midnight, UTC; and with the 6, and the 29 days before. */
  readonly today: Nano
  readonly days7: Nano
  readonly days30: Nano
  readonly jobsToday: number
}

/** How many days a report shows, today included. */
export const SHOWN_DAYS = 30
const DAY_MS = 86_400_000

/** The day of a moment, since 1970, UTC. */
export function dayOf(ms: number): number {
  return Math.floor(ms / DAY_MS)
}

/** Sums up what was earned until today. */
export function sumEarned(days: readonly EarnedDay[], today: number): EarnedSums {
  const since = (shown: number) =>
    nano(days.reduce((sum, { day, amount }) => (day > today - shown ? sum + amount : sum), 0n))
  return {
    today: since(1),
    days7: since(7),
    days30: since(SHOWN_DAYS),
    jobsToday: days.reduce((sum, { day, jobs }) => (day === today ? sum + jobs : sum), 0),
  }
}

/** One line for each of the last 30 days, the oldest first, also for those without anything. */
export function lineUpDays(
  days: readonly EarnedDay[],
  today: number,
): readonly { readonly day: number; readonly amount: Nano; readonly jobs: number }[] {
  const byDay = Map.groupBy(days, ({ day }) => day)
  return Array.from({ length: SHOWN_DAYS }, (_, index) => {
    const day = today - SHOWN_DAYS + 1 + index
    const all = byDay.get(day) ?? []
    return {
      day,
      amount: nano(all.reduce((sum, { amount }) => sum + amount, 0n)),
      jobs: all.reduce((sum, { jobs }) => sum + jobs, 0),
    }
  })
}
