/** Time as a part takes it in, so that a test can hold it still. */
export type Clock = {
  readonly nowMs: () => number
  /** Calls `run` once after `delayMs`; the returned function takes it back. */
  readonly schedule: (delayMs: number, run: () => void) => () => void
}

/** The machine's own clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  schedule: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
}

/** Waits, and ends early without an error when the signal aborts. */
export function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const finish = () => {
      takeBack()
      signal.removeEventListener('abort', finish)
      resolve()
    }
    const takeBack = clock.schedule(delayMs, finish)
    signal.addEventListener('abort', finish)
  })
}
