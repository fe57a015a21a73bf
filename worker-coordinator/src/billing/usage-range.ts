import { USAGE_DAYS_MAX } from '../../../protocol/src/billing/usage.ts'

const DAY_MS = 86_400_000
/** How many days a report covers when nobody says, today included. */
const DEFAULT_DAYS = 30

export type UsageRange =
  | {
      readonly ok: true
      /** Days since 1970, UTC, both included. */
      readonly fromDay: number
      readonly toDay: number
    }
  | { readonly ok: false; readonly reason: 'wrong-range' }

/** Reads the range of a report. Without an end it ends today; without a beginning it covers 30 days. */
export function readUsageRange(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  nowMs: number,
): UsageRange {
  const toDay = query.to === undefined ? Math.floor(nowMs / DAY_MS) : dayOf(query.to)
  const fromDay = query.from === undefined ? toDay - DEFAULT_DAYS + 1 : dayOf(query.from)
  if (fromDay > toDay || toDay - fromDay >= USAGE_DAYS_MAX) return { ok: false, reason: 'wrong-range' }
  return { ok: true, fromDay, toDay }
}

/** A day as people write it: `2026-11-22`. */
export function writeDay(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

function dayOf(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS)
}
