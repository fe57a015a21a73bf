import { sign, verify } from 'hono/jwt'
import { z } from 'zod'

/** How long a session lasts, in seconds. */
export const SESSION_SECONDS = 3600
const SESSION_KEY_MIN_CHARS = 32
const TOKEN_MAX_CHARS = 2048

export type Session = { readonly accountId: number; readonly telegramId: number }
export type SessionResult =
  | ({ readonly ok: true } & Session)
  | { readonly ok: false; readonly reason: 'malformed' | 'unknown' | 'expired' }

const payloadSchema = z.object({
  sub: z.int().positive(),
  tg: z.int().positive(),
  iat: z.int(),
  exp: z.int(),
  aud: z.literal('session'),
})

/** Signs a short session (JWT, RFC 7519, HS256). Throws without a key of at least 32 characters. */
export async function signSession(
  key: string | undefined,
  { accountId, telegramId }: Session,
  nowMs: number,
): Promise<{ readonly token: string; readonly expiresAtMs: number }> {
  const iat = Math.floor(nowMs / 1000)
  const exp = iat + SESSION_SECONDS
  const token = await sign(
    { sub: accountId, tg: telegramId, iat, exp, aud: 'session' },
    checkKey(key),
    'HS256',
  )
  return { token, expiresAtMs: exp * 1000 }
}

/**
 * Checks a session: the signature first, by HS256 and nothing else, then what it says. `unknown`: signed by another
 * key. Throws without a key of at least 32 characters: such a coordinator trusts no session at all.
 */
export async function verifySession(
  key: string | undefined,
  token: string,
  nowMs: number,
): Promise<SessionResult> {
  const secret = checkKey(key)
  if (token.length > TOKEN_MAX_CHARS) return { ok: false, reason: 'malformed' }
  let claims: unknown
  try {
    claims = await verify(token, secret, { alg: 'HS256', exp: false, iat: false, nbf: false })
  } catch (error) {
    const forged = error instanceof Error && error.name === 'JwtTokenSignatureMismatched'
    return { ok: false, reason: forged ? 'unknown' : 'malformed' }
  }
  const payload = payloadSchema.safeParse(claims)
  if (!payload.success) return { ok: false, reason: 'malformed' }
  if (payload.data.exp * 1000 <= nowMs) return { ok: false, reason: 'expired' }
  return { ok: true, accountId: payload.data.sub, telegramId: payload.data.tg }
}

function checkKey(key: string | undefined): string {
  if (key === undefined || key.length < SESSION_KEY_MIN_CHARS) {
    throw new Error(
      `SESSION_KEY needs at least ${SESSION_KEY_MIN_CHARS} characters. Action: wrangler secret put`,
    )
  }
  return key
}
