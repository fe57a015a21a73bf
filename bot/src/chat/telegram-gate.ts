import { GrammyError } from 'grammy'
import type { Clock } from './clock.ts'
import type { ConversationState } from './conversation-state.ts'

/** Telegram counts these apart. */
export type CallKind = 'send' | 'edit' | 'draft'

/**
 * Why a call did nothing, or may have done nothing.
 *
 * `blocked`: 403, nobody there hears the bot · `closed`: the bot may not write here, or the topic is gone · `lost`: no answer came, the effect may have happened · `too-many`: 429 ·
 * `server`: 5xx, nothing happened · `markup`: the entities were refused · `gone`: the message to edit is not there ·
 * `unknown-method`: an older server · `same`: the edit would change nothing · `refused`: any other no.
 */
export type CallFailure =
  | 'blocked'
  | 'closed'
  | 'lost'
  | 'too-many'
  | 'server'
  | 'markup'
  | 'gone'
  | 'unknown-method'
  | 'same'
  | 'refused'
export type CallResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: CallFailure }

export type CallOptions = {
  /** `once`: newer content will follow anyway. `patient`: waits and tries again for as long as that is safe. */
  readonly patience: 'once' | 'patient'
  /** Told just before the request leaves, and again when the answer says that nothing happened. */
  readonly onFlight?: (inFlight: boolean) => void
}

export type TelegramGate = {
  readonly call: <T>(
    kind: CallKind,
    request: () => Promise<T>,
    options: CallOptions,
  ) => Promise<CallResult<T>>
  /** How long until a call of this kind may be made. */
  readonly waitMs: (kind: CallKind) => number
}

const GAP_MS = 1050 // Telegram asks for at most one a second; the rest is for jitter
const GROUP_WINDOW_MS = 60_000
const GROUP_CALLS_MAX = 18 // of the 20 a minute that a group has
const RETRY_MARGIN_MS = 100
const ATTEMPTS_MAX = 10
const BACKOFF_MS = 500
const BACKOFF_MAX_MS = 8000

type GateDeps = {
  readonly clock: Clock
  readonly state: ConversationState
  readonly isGroup: boolean
}

/**
 * Every call into the chat goes through here: calls of one kind one after another, at Telegram's pace, none while a 429
 * holds, none after a 403. A send whose answer was lost is never repeated, since it may have arrived.
 */
export function createTelegramGate({ clock, state, isGroup }: GateDeps): TelegramGate {
  const lanes = new Map<CallKind, Promise<unknown>>()
  const gapEndsMs = new Map<CallKind, number>()
  const recentMs = new Map<CallKind, number[]>()

  const waitMs = (kind: CallKind): number => {
    const now = clock.nowMs()
    const recent = (recentMs.get(kind) ?? []).filter((atMs) => atMs > now - GROUP_WINDOW_MS)
    recentMs.set(kind, recent)
    const windowEndsMs = isGroup ? (recent.at(-GROUP_CALLS_MAX) ?? -Infinity) + GROUP_WINDOW_MS : 0
    return Math.max(0, (gapEndsMs.get(kind) ?? 0) - now, state.notBeforeMs(kind) - now, windowEndsMs - now)
  }

  const attempt = async <T>(kind: CallKind, request: () => Promise<T>): Promise<CallResult<T>> => {
    try {
      return { ok: true, value: await request() }
    } catch (error) {
      const { reason, retryAfterMs } = failureOf(error)
      if (reason === 'blocked') state.setBlocked()
      if (retryAfterMs) state.setNotBeforeMs(kind, clock.nowMs() + retryAfterMs + RETRY_MARGIN_MS)
      return { ok: false, reason }
    } finally {
      const now = clock.nowMs()
      gapEndsMs.set(kind, now + GAP_MS)
      if (isGroup) recentMs.set(kind, [...(recentMs.get(kind) ?? []), now].slice(-GROUP_CALLS_MAX))
    }
  }

  const inTurn = async <T>(kind: CallKind, request: () => Promise<T>, options: CallOptions) => {
    for (let attempts = 1; ; attempts += 1) {
      for (let ms = waitMs(kind); ms > 0; ms = waitMs(kind)) await clock.sleep(ms)
      if (state.isBlocked()) return { ok: false, reason: 'blocked' } as const
      options.onFlight?.(true)
      const result = await attempt(kind, request)
      if (result.ok) return result
      if (result.reason !== 'lost') options.onFlight?.(false)
      const again = options.patience === 'patient' && mayRepeat(kind, result.reason)
      if (!again || attempts >= ATTEMPTS_MAX) return result
      if (result.reason !== 'too-many')
        await clock.sleep(Math.min(BACKOFF_MS * 2 ** (attempts - 1), BACKOFF_MAX_MS))
    }
  }

  const call = <T>(kind: CallKind, request: () => Promise<T>, options: CallOptions) => {
    const before = lanes.get(kind) ?? Promise.resolve()
    const result = before.then(() => inTurn(kind, request, options))
    lanes.set(
      kind,
      result.catch(() => undefined), // the caller sees the error; the next in the lane must not
    )
    return result
  }
  return { call, waitMs }
}

function mayRepeat(kind: CallKind, reason: CallFailure): boolean {
  if (reason === 'lost') return kind !== 'send' // an edit or a draft done twice is done once
  return reason === 'too-many' || reason === 'server'
}

/** Says what an error of the client means. Anything but Telegram's own JSON answer counts as lost. */
function failureOf(error: unknown): { readonly reason: CallFailure; readonly retryAfterMs?: number } {
  if (!(error instanceof GrammyError)) return { reason: neverLeft(error) ? 'server' : 'lost' }
  const { error_code: code, description, parameters } = error
  if (code === 429) return { reason: 'too-many', retryAfterMs: (parameters.retry_after ?? 1) * 1000 }
  if (code === 403) return { reason: 'blocked' }
  if (code >= 500) return { reason: 'server' }
  if (code === 404) return { reason: 'unknown-method' }
  if (/not modified/i.test(description)) return { reason: 'same' }
  if (CLOSED.test(description)) return { reason: 'closed' }
  if (/entit|parse/i.test(description)) return { reason: 'markup' }
  if (/message to edit not found|can't be edited|MESSAGE_ID_INVALID/i.test(description))
    return { reason: 'gone' }
  return { reason: 'refused' }
}

const CLOSED =
  /not enough rights|no rights to|CHAT_WRITE_FORBIDDEN|chat not found|thread not found|TOPIC_(?:CLOSED|DELETED)/i

const NEVER_LEFT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN'])

/** Nobody listened, so nothing was received: only Node says this for certain. */
function neverLeft(error: unknown): boolean {
  const cause = error instanceof Error && 'error' in error ? error.error : undefined
  return cause instanceof Error && 'code' in cause && NEVER_LEFT.has(String(cause.code))
}
