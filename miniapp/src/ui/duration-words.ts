const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
const UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
] as const

/** How long something took, in its largest unit: `3 hours`. Less than a minute is in seconds. */
export function durationWords(language: string, ms: number): string {
  for (const [unit, length] of UNITS) {
    if (ms >= length) return countOf(language, unit, Math.floor(ms / length))
  }
  return countOf(language, 'second', Math.max(1, Math.round(ms / 1000)))
}

/** Minutes that are left, rounded up, so that the last one is not called none. */
export function minutesLeft(untilMs: number, nowMs: number): number {
  return Math.max(0, Math.ceil((untilMs - nowMs) / MINUTE_MS))
}

function countOf(language: string, unit: string, count: number): string {
  return new Intl.NumberFormat(`${language}-u-nu-latn`, { style: 'unit', unit, unitDisplay: 'long' }).format(
    count,
  )
}

/** A moment of the last days: today only the time, otherwise with its day. */
export function momentWords(language: string, atMs: number, nowMs: number): string {
  const isToday = new Date(atMs).toDateString() === new Date(nowMs).toDateString()
  return new Intl.DateTimeFormat(`${language}-u-nu-latn`, {
    timeStyle: 'short',
    ...(isToday ? {} : { dateStyle: 'medium' }),
  }).format(atMs)
}

/** A day of UTC, such as `2026-11-22`, in words: `22 Nov`. */
export function dayWords(language: string, day: string): string {
  const form = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const
  return new Intl.DateTimeFormat(`${language}-u-nu-latn`, form).format(new Date(`${day}T00:00:00Z`))
}

/** A share of 0 to 1, in whole percent; never 100 % where something is missing, never 0 where something was. */
export function shareWords(language: string, share: number): string {
  const percent = Math.round(share * 100)
  const honest = share < 1 ? Math.min(99, share > 0 ? Math.max(1, percent) : 0) : 100
  return new Intl.NumberFormat(`${language}-u-nu-latn`, { style: 'percent' }).format(honest / 100)
}
