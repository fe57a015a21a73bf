import type { Clock } from '../src/clock.ts'

export type FakeClock = Clock & {
  /** Moves the time on and runs what falls due, in order, letting promises settle in between. */
  readonly advance: (ms: number) => Promise<void>
  /** Timers that wait. */
  readonly waiting: () => number
}

/** A clock that stands still until a test moves it. */
export function createFakeClock(startMs = 1_800_000_000_000): FakeClock {
  let nowMs = startMs
  let timers: { atMs: number; run: () => void }[] = []
  return {
    nowMs: () => nowMs,
    schedule: (delayMs, run) => {
      const timer = { atMs: nowMs + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance: async (ms) => {
      const untilMs = nowMs + ms
      await settle()
      for (;;) {
        const [next] = timers.filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)
        if (!next) break
        timers = timers.filter((other) => other !== next)
        nowMs = Math.max(nowMs, next.atMs)
        next.run()
        await settle()
      }
      nowMs = untilMs
      await settle()
    },
    waiting: () => timers.length,
  }
}

/** Lets every promise that can go on do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}

const TURNS_MAX = 100_000

/** Lets the program go on until it did what is looked for. Throws when that never comes. */
export async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < TURNS_MAX; turn++) {
    if (holds()) return
    await new Promise<void>((resolve) => setImmediate(resolve))
  }
  throw new Error('what the test waits for did not come')
}
