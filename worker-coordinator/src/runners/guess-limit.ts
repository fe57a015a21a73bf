import { createBucket } from '../accounts/rate-limit.ts'

export type GuessLimitDeps = {
  readonly nowMs: () => number
  readonly perAddressPerMinute?: number
  readonly perMinute?: number
}
export type GuessLimit = {
  readonly take: (address: string) => { readonly allowed: boolean; readonly retryAfterSeconds: number }
  /** For a guess that was right: pairing many machines at once is no attack. */
  readonly giveBack: (address: string) => void
}

const PER_ADDRESS_PER_MINUTE = 10
const PER_MINUTE = 600
const EVERYONE = '*'

/**
 * Limits wrong pairing codes, per address and in all, in this isolate's memory. At 600 a minute, one open code of 2^40
 * is met once in 3,500 years.
 */
export function createGuessLimit({
  nowMs,
  perAddressPerMinute = PER_ADDRESS_PER_MINUTE,
  perMinute = PER_MINUTE,
}: GuessLimitDeps): GuessLimit {
  const addresses = createBucket({ perMinute: perAddressPerMinute, nowMs })
  const everyone = createBucket({ perMinute, nowMs, callersMax: 1 })
  return {
    take(address) {
      const own = addresses.take(address)
      return own.allowed ? everyone.take(EVERYONE) : own
    },
    giveBack(address) {
      addresses.giveBack(address)
      everyone.giveBack(EVERYONE)
    },
  }
}
