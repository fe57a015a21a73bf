import type { Clock } from './clock.ts'

/** A clock for tests: a wait takes no time, but moves the clock on. */
export function fakeClock(startMs = 1_000_000): Clock & { readonly waitsMs: number[] } {
  let now = startMs
  const waitsMs: number[] = []
  return {
    waitsMs,
    nowMs: () => now,
    sleep: async (ms, signal) => {
      if (signal?.aborted) return
      waitsMs.push(ms)
      now += ms
    },
  }
}
