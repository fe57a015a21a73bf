/** How long a key is offered, and how much longer it opens what was sealed to it just before, ms. */
export const EPOCH_MS = 60 * 60_000
export const EPOCH_OVERLAP_MS = 10 * 60_000

/** The epoch of a moment: hours since 1970. */
export function epochAt(nowMs: number): number {
  return Math.floor(nowMs / EPOCH_MS)
}

/** True while a key may open requests: in its epoch, and shortly after. */
export function isEpochOpen(epoch: number, nowMs: number): boolean {
  return nowMs >= epoch * EPOCH_MS - EPOCH_OVERLAP_MS && nowMs < (epoch + 1) * EPOCH_MS + EPOCH_OVERLAP_MS
}
