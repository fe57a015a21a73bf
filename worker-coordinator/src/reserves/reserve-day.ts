const DAY_MS = 86_400_000

/** Days since 1970, UTC. */
export function dayOf(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS)
}

/** A day as `yyyy-mm-dd`. */
export function toDayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10)
}

/** Reads `yyyy-mm-dd`; undefined where it is no day. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const day = Date.parse(`${text}T00:00:00Z`) / DAY_MS
  return Number.isInteger(day) && day >= 0 && toDayText(day) === text ? day : undefined
}
