import { Hono } from 'hono'
import { parseJobId } from '../../../protocol/src/ids.ts'
import { type Receipt, receiptSchema } from '../../../protocol/src/receipt.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import type { JobRecord } from './job-store.ts'

export type JobsRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  /** Public keys (raw Ed25519, base64url) of runners, by their id: what receipts are checked with. */
  readonly findRunnerKeys: (runnerIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly readJob: (jobId: string, accountId: number) => Promise<JobRecord | undefined>
}

/** `GET /v1/jobs/:id`: what a job cost, who ran it and why, and the signed receipts. Only for the account that paid. */
export function jobsRoute({ authenticate, findRunnerKeys, readJob }: JobsRouteDeps): Hono {
  return new Hono().get('/v1/jobs/:id', async (c) => {
    const who = await authenticate(c.req.header('authorization'))
    if (!who.ok) return refuseAccount(who.reason)
    const jobId = parseJobId(c.req.param('id'))
    const job = jobId && (await readJob(jobId, who.caller.accountId))
    if (!job) return refuseAccount('job-not-found', { param: 'id' })
    const receipts = receiptsOf(job)
    const keys = await findRunnerKeys(receipts.map(({ runnerId }) => runnerId))
    return c.json({ ...toJobJson(job), receipts, runner_keys: Object.fromEntries(keys) }, 200, {
      'cache-control': 'no-store',
    })
  })
}

function receiptsOf({ receipts }: JobRecord): readonly Receipt[] {
  return receipts === null ? [] : receiptSchema.array().parse(JSON.parse(receipts))
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
  }
}
