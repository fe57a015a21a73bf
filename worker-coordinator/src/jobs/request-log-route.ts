import { Hono } from 'hono'
import { requestLogQuerySchema } from '../../../protocol/src/billing/request-log.ts'
import type { RequestLogJson } from '../../../protocol/src/miniapp/requests.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import { refuseBilling } from '../billing/billing-errors.ts'
import { readQuery } from '../billing/read-query.ts'
import type { LoggedRequest, RequestLogInput, RequestLogPage } from './request-log-store.ts'

export type RequestLogRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly listRequests: (input: Omit<RequestLogInput, 'scanMax'>) => Promise<RequestLogPage>
}

/** A job's id, or the beginning of one that names a moment. */
const CURSOR = /^job_[0-9a-hjkmnp-tv-z]{0,25}$/

/** `GET /v1/requests`: what an account asked for, the newest first, with a key or a session. Neither prompts nor answers. */
export function requestLogRoute({ authenticate, listRequests }: RequestLogRouteDeps): Hono {
  return new Hono().get('/v1/requests', async (c) => {
    const who = await authenticate(c.req.header('authorization'))
    if (!who.ok) return refuseAccount(who.reason)
    const query = readQuery(requestLogQuerySchema, c.req.query())
    if (!query.ok) return refuseAccount(query.reason, query.detail)
    const { limit, cursor: below, key: keyId } = query.data
    if (below !== undefined && !CURSOR.test(below)) return refuseBilling('wrong-cursor', { param: 'cursor' })
    const page = await listRequests({ accountId: who.caller.accountId, keyId, limit, below })
    const answer: RequestLogJson = { data: page.requests.map(toJson), next_cursor: page.next ?? null }
    return c.json(answer, 200, { 'cache-control': 'no-store' })
  })
}

function toJson(request: LoggedRequest): RequestLogJson['data'][number] {
  const since = (ms: number | null) => (ms === null ? null : Math.max(0, ms - request.createdAt))
  return {
    id: request.id,
    kind: request.kind,
    model: request.model,
    tier: request.tier,
    state: request.state,
    reason: request.reason,
    key_name: request.keyName,
    prompt_tokens: request.promptTokens,
    completion_tokens: request.completionTokens,
    charge_nano: String(request.charge),
    created_at_ms: request.createdAt,
    first_delta_ms: since(request.firstDeltaAt),
    took_ms: since(request.endedAt),
  }
}
