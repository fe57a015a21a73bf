import { dayOf } from '../reserves/reserve-day.ts'

const DAY_MS = 86_400_000
/** How long after a day's end its tree is built, in ms: jobs live at most 15 minutes, and one that nobody runs is ended a minute later. */
export const BUILT_AFTER_MS = 20 * 60_000

/** The newest day, since 1970, whose tree can be built. */
export function lastDueDay(nowMs: number): number {
  return dayOf(nowMs - BUILT_AFTER_MS) - 1
}

/** When a day begins and ends, Unix ms; the end is the next one's beginning. */
export function boundsOfDay(day: number): { readonly fromMs: number; readonly endMs: number } {
  return { fromMs: day * DAY_MS, endMs: (day + 1) * DAY_MS }
}

/** From when on a day's tree can be asked for, Unix ms. */
export function readyAtMs(day: number): number {
  return boundsOfDay(day).endMs + BUILT_AFTER_MS
}
