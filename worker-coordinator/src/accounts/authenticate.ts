import type { Caller } from '../jobs/chat-job.ts'
import { hashApiKey, looksLikeApiKey, parseApiKey } from './api-key.ts'
import { putBounded } from './bounded-map.ts'

export type AuthFailure = 'missing' | 'malformed' | 'unknown' | 'revoked' | 'expired'
export type Authenticated =
  | {
      readonly ok: true
      readonly caller: Caller
      /** Only where the caller came with a session. */
      readonly telegramId?: number
    }
  | { readonly ok: false; readonly reason: AuthFailure }

type FoundKey = { readonly keyId: number; readonly accountId: number; readonly revoked: boolean }

export type AuthenticatorDeps = {
  readonly findKeyByHash: (hash: string) => Promise<FoundKey | undefined>
  readonly verifySession: (
    token: string,
  ) => Promise<
    | { readonly ok: true; readonly accountId: number; readonly telegramId: number }
    | { readonly ok: false; readonly reason: 'malformed' | 'unknown' | 'expired' }
  >
  readonly nowMs: () => number
  /** How long a key's state is believed, in ms: a revocation takes effect within this time. */
  readonly cacheMs?: number
  /** How many keys are remembered; as many again that are not known. */
  readonly cacheMax?: number
}

const AUTHORIZATION_MAX_CHARS = 4096
const CACHE_MS = 5000
const CACHE_MAX = 10_000

type Cached = { readonly found: FoundKey | undefined; readonly untilMs: number }

/**
 * Makes the one place that tells who calls, from `Authorization: Bearer <API key or session>`. Keys that were looked up
 * are remembered by their hash for `cacheMs`; unknown ones apart, so that guesses cannot push out real keys.
 */
export function createAuthenticator({
  findKeyByHash,
  verifySession,
  nowMs,
  cacheMs = CACHE_MS,
  cacheMax = CACHE_MAX,
}: AuthenticatorDeps): (authorization: string | undefined) => Promise<Authenticated> {
  const known = new Map<string, Cached>()
  const unknown = new Map<string, Cached>()

  const lookUp = async (hash: string): Promise<FoundKey | undefined> => {
    const startedMs = nowMs()
    const cached = known.get(hash) ?? unknown.get(hash)
    if (cached && startedMs < cached.untilMs) {
      putBounded(cached.found ? known : unknown, hash, cached, cacheMax)
      return cached.found
    }
    const found = await findKeyByHash(hash)
    known.delete(hash)
    unknown.delete(hash)
    putBounded(found ? known : unknown, hash, { found, untilMs: startedMs + cacheMs }, cacheMax)
    return found
  }

  const authenticateKey = async (token: string): Promise<Authenticated> => {
    const key = parseApiKey(token)
    if (key === undefined) return { ok: false, reason: 'malformed' }
    const found = await lookUp(hashApiKey(key))
    if (!found) return { ok: false, reason: 'unknown' }
    if (found.revoked) return { ok: false, reason: 'revoked' }
    return { ok: true, caller: { accountId: found.accountId, keyId: found.keyId } }
  }

  return async (authorization) => {
    if (authorization === undefined || authorization === '') return { ok: false, reason: 'missing' }
    const token = readBearer(authorization)
    if (token === undefined) return { ok: false, reason: 'malformed' }
    if (looksLikeApiKey(token)) return authenticateKey(token)
    const session = await verifySession(token)
    if (!session.ok) return session
    return {
      ok: true,
      caller: { accountId: session.accountId, keyId: undefined },
      telegramId: session.telegramId,
    }
  }
}

/** Reads `Bearer <token>` (RFC 6750 §2.1; the scheme's case does not matter, RFC 9110 §11.1). */
function readBearer(authorization: string): string | undefined {
  if (authorization.length > AUTHORIZATION_MAX_CHARS) return undefined
  return /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(authorization)?.[1]
}
