/** Asks at most once in `keepMs`, and gives everybody in between the same answer. A failure is not kept. */
export function keptFor<T>(
  keepMs: number,
  { ask, nowMs }: { readonly ask: () => Promise<T>; readonly nowMs: () => number },
): () => Promise<T> {
  let kept: Promise<T> | undefined
  let keptAtMs = Number.NEGATIVE_INFINITY
  return () => {
    if (kept && nowMs() - keptAtMs < keepMs) return kept
    keptAtMs = nowMs()
    const asked = ask()
    kept = asked
    asked.catch(() => {
      if (kept === asked) kept = undefined
    })
    return asked
  }
}
