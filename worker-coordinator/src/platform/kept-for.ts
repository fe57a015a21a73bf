/** How long somebody waits for what another one's request has asked for, ms. */
const JOIN_MS = 1_000

/**
 * Gives everybody the same answer for `keepMs`; who comes while it is asked for waits with the others, but not for long:
 * the runtime ends a request in the middle when its caller is gone, and what it had asked for then never comes. A failure
 * is not kept.
 */
export function keptFor<T>(
  keepMs: number,
  { ask, nowMs }: { readonly ask: () => Promise<T>; readonly nowMs: () => number },
  joinMs = JOIN_MS,
): () => Promise<T> {
  let kept: { readonly value: T; readonly atMs: number } | undefined
  let asked: { readonly answer: Promise<T>; readonly atMs: number } | undefined
  return async () => {
    const atMs = nowMs()
    const isFresh = (one: { readonly atMs: number } | undefined) => one && atMs - one.atMs < keepMs
    if (kept && isFresh(kept)) return kept.value
    const joined = asked && isFresh(asked) ? await waitAtMost(asked.answer, joinMs) : undefined
    if (joined) return joined.value
    const mine = { answer: ask(), atMs }
    asked = mine
    try {
      const value = await mine.answer
      // Of two that were asked for at once the later one is the newer.
      if (!kept || atMs >= kept.atMs) kept = { value, atMs }
      return value
    } finally {
      if (asked === mine) asked = undefined
    }
  }
}

/** What was awaited; undefined when it failed, or did not come in time. No timer is left behind. */
async function waitAtMost<T>(answer: Promise<T>, ms: number): Promise<{ readonly value: T } | undefined> {
  const late = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => late.resolve(undefined), ms)
  const came = answer.then(
    (value) => ({ value }),
    () => undefined,
  )
  try {
    return await Promise.race([came, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
