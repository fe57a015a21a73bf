const BASE_MS = 200
const CAP_MS = 30_000

/** How long to wait before the attempt: full jitter, 0 to 0.2 s at first, doubling up to the cap. `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number, capMs: number = CAP_MS): number {
  const ceiling = Math.min(capMs, BASE_MS * 2 ** Math.min(attempt, 20))
  return Math.floor(random * ceiling)
}
