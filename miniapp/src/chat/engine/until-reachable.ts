import { sleep } from './sleep.ts'

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000

/** Waits before the network is tried again: longer each time, until the device says that it is back, or the signal. */
export async function untilReachable(tries: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController()
  const isBack = new Promise<void>((resolve) => {
    window.addEventListener('online', () => resolve(), { signal: over.signal })
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && resolve(), // the phone was locked, or another app in front
      { signal: over.signal },
    )
  })
  const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS)
  await Promise.race([isBack, sleep(waitMs, AbortSignal.any([signal, over.signal]))])
  over.abort()
}
