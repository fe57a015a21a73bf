import { Hono } from 'hono'
import { depositSeenRequestSchema } from '../../../protocol/src/billing/deposits.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import type { RateLimited } from '../accounts/rate-limit.ts'
import { readBody } from '../accounts/read-body.ts'
import type { Caller } from '../jobs/chat-job.ts'
import { authenticateSession, refuseCaller } from '../wallets/authenticate-session.ts'

export type DepositSeenRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  /** The normalized hash of an external message, hex; undefined for what is none. */
  readonly hashExternalMessage: (boc: string) => string | undefined
  /** Whether the chain has taken a message in. Throws when it does not answer. */
  readonly hasMessage: (hash: string) => Promise<boolean>
  /** How often one account may ask. */
  readonly takeLook: (caller: Caller) => RateLimited
}

const NO_STORE = { 'cache-control': 'no-store' }

/**
 * `POST /v1/deposit/seen`: how far a top-up is, for its progress bar. A chain that does not answer, a message that is
 * none, and too many questions are all "not seen yet": nothing is decided by this.
 */
export function depositSeenRoute(deps: DepositSeenRouteDeps): Hono {
  return new Hono().post('/v1/deposit/seen', async (c) => {
    const who = await authenticateSession(deps.authenticate, c.req.header('authorization'))
    if (!who.ok) return refuseCaller(who.reason)
    const body = await readBody(c.req.raw, depositSeenRequestSchema)
    if (!body.ok) return refuseAccount(body.reason, body.detail)
    const hash = deps.hashExternalMessage(body.data.boc)
    const mayLook = hash !== undefined && deps.takeLook(who.caller).allowed
    const seen = mayLook && (await deps.hasMessage(hash).catch(() => false))
    return c.json({ seen }, 200, NO_STORE)
  })
}
