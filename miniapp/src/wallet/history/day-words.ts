const DAY_MS = 86_400_000

/** A day as people say it: today, yesterday, tomorrow, 12 November; with the year where it is another. */
export function dayWords(language: string, atMs: number, nowMs: number): string {
  const locale = `${language}-u-nu-latn`
  const days = Math.round((startOfDay(atMs) - startOfDay(nowMs)) / DAY_MS)
  if (Math.abs(days) <= 1) {
    return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day')
  }
  const isThisYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear()
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(atMs)
}

/** The time of day: 14:05. */
export function timeWords(language: string, atMs: number): string {
  return new Intl.DateTimeFormat(`${language}-u-nu-latn-hc-h23`, {
    hour: '2-digit',
    minute: '2-digit',
  }).format(atMs)
}

/** A moment as people say it: 14:05 of today, tomorrow 14:05, 12 November 14:05. */
export function momentWords(language: string, atMs: number, nowMs: number): string {
  const time = timeWords(language, atMs)
  return dayOf(atMs) === dayOf(nowMs) ? time : `${dayWords(language, atMs, nowMs)} ${time}`
}

/** Names a day of this device's clock. */
export function dayOf(atMs: number): string {
  const date = new Date(atMs)
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`
}

function startOfDay(atMs: number): number {
  return new Date(atMs).setHours(0, 0, 0, 0)
}
