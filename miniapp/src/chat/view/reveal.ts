/** Runners send text in lumps, each half second or so: what has come is shown within this time, ms. */
export const REVEAL_MS = 450

/**
 * How much of a text is shown next, in characters: the further it lags behind, the more at once, so that it never falls
 * back. Never half a symbol.
 */
export function revealNext(text: string, shown: number, elapsedMs: number): number {
  const behind = text.length - shown
  if (behind <= 0) return text.length
  const step = Math.max(1, Math.ceil((behind * elapsedMs) / REVEAL_MS))
  const next = Math.min(text.length, shown + step)
  const unit = text.charCodeAt(next - 1)
  return unit >= 0xd800 && unit <= 0xdbff ? Math.min(text.length, next + 1) : next
}
