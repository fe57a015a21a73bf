import { type AccountReason, refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated, AuthFailure } from '../accounts/authenticate.ts'

type Session =
  | Extract<Authenticated, { ok: true }>
  | { readonly ok: false; readonly reason: AuthFailure | 'session-needed' }

/** Tells who calls, and refuses API keys: one that leaked must neither move money out nor turn it away. */
export async function authenticateSession(
  authenticate: (authorization: string | undefined) => Promise<Authenticated>,
  authorization: string | undefined,
): Promise<Session> {
  const who = await authenticate(authorization)
  return who.ok && who.caller.keyId !== undefined ? { ok: false, reason: 'session-needed' } : who
}

/** Answers a caller who is nobody, or only a key. */
export function refuseCaller(reason: Extract<AccountReason, AuthFailure | 'session-needed'>): Response {
  const message =
    reason === 'session-needed'
      ? 'An API key cannot move money or change the wallet. Use the Mini App, or a session.'
      : undefined
  return refuseAccount(reason, { message })
}
