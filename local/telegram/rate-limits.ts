import { tooManyRequests } from './bot-api-error.ts'
import type { CallKind } from './call-log.ts'

/** `real`: as lenient as Telegram. `strict`: no burst at all, and a call during the wait makes it longer. */
export type RateLimitMode = 'off' | 'real' | 'strict'

type Pace = { readonly perSecond: number; readonly burst: number }
type Bucket = { tokens: number; atMs: number; blockedUntilMs: number }

const PACES: Record<'real' | 'strict', Record<Exclude<CallKind, 'other'>, Pace>> = {
  real: {
    message: { perSecond: 1, burst: 4 },
    edit: { perSecond: 1.5, burst: 6 },
    draft: { perSecond: 2, burst: 8 },
    action: { perSecond: 1, burst: 8 },
  },
  strict: {
    message: { perSecond: 1, burst: 1 },
    edit: { perSecond: 1, burst: 1 },
    draft: { perSecond: 1, burst: 1 },
    action: { perSecond: 1, burst: 2 },
  },
}
const GROUP_PER_MINUTE = { message: 20, edit: 30 }
const MINUTE_MS = 60_000
const STRICT_EXTENSION_MS = 1000

/** Counts calls per chat and kind and refuses those that come too fast. */
export class RateLimits {
  readonly #mode: RateLimitMode
  readonly #buckets = new Map<string, Bucket>()
  readonly #groupCalls = new Map<string, number[]>()

  constructor(mode: RateLimitMode) {
    this.#mode = mode
  }

  /** Takes one slot or throws a 429 with the seconds to wait. Group chats have negative ids. */
  take(kind: CallKind, chatId: number, nowMs: number): void {
    if (this.#mode === 'off' || kind === 'other') return
    const pace = PACES[this.#mode][kind]
    const key = `${kind} ${chatId}`
    const bucket = this.#buckets.get(key) ?? { tokens: pace.burst, atMs: nowMs, blockedUntilMs: 0 }
    this.#buckets.set(key, bucket)
    if (nowMs < bucket.blockedUntilMs) {
      if (this.#mode === 'strict') bucket.blockedUntilMs += STRICT_EXTENSION_MS
      throw tooManyRequests(Math.ceil((bucket.blockedUntilMs - nowMs) / 1000))
    }
    bucket.tokens = Math.min(pace.burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * pace.perSecond)
    bucket.atMs = nowMs
    const groupWaitMs = this.#groupWaitMs(kind, chatId, nowMs)
    const paceWaitMs = bucket.tokens >= 1 ? 0 : ((1 - bucket.tokens) / pace.perSecond) * 1000
    const waitMs = Math.max(groupWaitMs, paceWaitMs)
    if (waitMs > 0) {
      const retryAfterS = Math.ceil(waitMs / 1000)
      bucket.blockedUntilMs = nowMs + retryAfterS * 1000
      throw tooManyRequests(retryAfterS)
    }
    bucket.tokens -= 1
    this.#groupCalls.get(key)?.push(nowMs)
  }

  #groupWaitMs(kind: CallKind, chatId: number, nowMs: number): number {
    if (chatId > 0 || (kind !== 'message' && kind !== 'edit')) return 0
    const key = `${kind} ${chatId}`
    const recent = (this.#groupCalls.get(key) ?? []).filter((atMs) => atMs > nowMs - MINUTE_MS)
    this.#groupCalls.set(key, recent)
    const oldest = recent.at(-GROUP_PER_MINUTE[kind])
    return oldest === undefined ? 0 : oldest + MINUTE_MS - nowMs
  }
}
