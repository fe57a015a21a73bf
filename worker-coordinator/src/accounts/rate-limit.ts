import type { Caller } from '../jobs/chat-job.ts'
import { putBounded } from './bounded-map.ts'

export type RateLimited = {
  readonly allowed: boolean
  /** Requests a minute. */
  readonly limit: number
  /** How many more are allowed right now. */
  readonly remaining: number
  /** Until all of `limit` are allowed again. */
  readonly resetSeconds: number
  /** Until the next one is allowed; 0 when it is. */
  readonly retryAfterSeconds: number
}

export type RateLimitDeps = {
  readonly perMinute: number
  readonly nowMs: () => number
  /** How many callers are remembered; beyond it the least recently seen start afresh. */
  readonly callersMax?: number
}

const CALLERS_MAX = 10_000
const MINUTE_MS = 60_000

/**
 * Counts requests per account in this isolate's memory: a bucket of `perMinute` tokens that refills evenly. An account
 * shares one bucket among its keys, since more keys are not more requests.
 */
export function createRateLimit(deps: RateLimitDeps): (caller: Caller) => RateLimited {
  const bucket = createBucket(deps)
  return (caller) => bucket.take(String(caller.accountId))
}

export type Bucket = {
  readonly take: (name: string) => RateLimited
  /** Puts one token back. */
  readonly giveBack: (name: string) => void
}

/**
 * A token bucket per name. It counts in 1/60,000 of a request, of which `perMinute` come back each ms: whole numbers, so
 * no rounding ever eats a request.
 */
export function createBucket({ perMinute, nowMs, callersMax = CALLERS_MAX }: RateLimitDeps): Bucket {
  const taken = new Map<string, { readonly units: number; readonly atMs: number }>()
  const full = perMinute * MINUTE_MS

  const unitsAt = (name: string, atMs: number): number => {
    const last = taken.get(name)
    return last ? Math.max(0, last.units - Math.max(0, atMs - last.atMs) * perMinute) : 0
  }

  return {
    take(name) {
      const atMs = Math.floor(nowMs())
      const before = unitsAt(name, atMs)
      const allowed = before + MINUTE_MS <= full
      const units = allowed ? before + MINUTE_MS : before
      putBounded(taken, name, { units, atMs }, callersMax)
      return {
        allowed,
        limit: perMinute,
        remaining: Math.floor((full - units) / MINUTE_MS),
        resetSeconds: toSeconds(units / perMinute),
        retryAfterSeconds: allowed ? 0 : toSeconds((units + MINUTE_MS - full) / perMinute),
      }
    },
    giveBack(name) {
      const atMs = Math.floor(nowMs())
      const units = Math.max(0, unitsAt(name, atMs) - MINUTE_MS)
      putBounded(taken, name, { units, atMs }, callersMax)
    },
  }
}

function toSeconds(ms: number): number {
  return Math.ceil(ms / 1000)
}
