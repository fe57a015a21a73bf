import { Hono } from 'hono'
import { parseJobId } from '../../../protocol/src/ids.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import type { JobRecord } from './job-store.ts'

export type JobsRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  readonly readJob: (jobId: string, accountId: number) => Promise<JobRecord | undefined>
}

/** `GET /v1/jobs/:id`: what a job cost, who ran it and why, and the signed receipts. Only for the account that paid. */
export function jobsRoute({ authenticate, readJob }: JobsRouteDeps): Hono {
  return new Hono().get('/v1/jobs/:id', async (c) => {
    const who = await authenticate(c.req.header('authorization'))
    if (!who.ok) return refuseAccount(who.reason)
    const jobId = parseJobId(c.req.param('id'))
    const job = jobId && (await readJob(jobId, who.caller.accountId))
    if (!job) return c.notFound()
    return c.json(toJobJson(job), 200, { 'cache-control': 'no-store' })
  })
}

function toJobJson(job: JobRecord) {
  return {
    id: job.id,
    object: 'job',
    kind: job.kind,
    model: job.model,
    tier: job.tier,
    state: job.state,
    reason: job.reason,
    hold_nano: String(job.hold),
    charge_nano: String(job.charge),
    price: { input: String(job.priceInput), output: String(job.priceOutput) },
    prompt_tokens: job.promptTokens,
    completion_tokens: job.completionTokens,
    created_at_ms: job.createdAt,
    first_delta_at_ms: job.firstDeltaAt,
    ended_at_ms: job.endedAt,
    why: job.why === null ? [] : JSON.parse(job.why),
    receipts: job.receipts === null ? [] : JSON.parse(job.receipts),
  }
}
