import { Hono } from 'hono'
import { z } from 'zod'
import { type AnyReceipt, anyReceiptSchema } from '../../../protocol/src/answer.ts'
import { parseJobId } from '../../../protocol/src/ids.ts'
import { refuseAccount } from '../accounts/account-errors.ts'
import type { Authenticated } from '../accounts/authenticate.ts'
import type { JobRecord } from './job-store.ts'

export type JobsRouteDeps = {
  readonly authenticate: (authorization: string | undefined) => Promise<Authenticated>
  /** Public keys (raw Ed25519, base64url) of paired runners, by their id: what receipts are checked with. */
  readonly findRunnerKeys: (runnerIds: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly readJob: (jobId: string, accountId: number) => Promise<JobRecord | undefined>
  /** Stops a job of this account. One that has ended, or that nobody runs any more, stays as it is. */
  readonly stopJob: (model: string, jobId: string, accountId: number) => Promise<void>
}

/**
 * `GET /v1/jobs/:id`: what a job cost, who ran it and why, and the signed receipts. `POST /v1/jobs/:id/stop`: no more of
 * it; what was delivered until then is charged. Only for the account that pays.
 */
export function jobsRoute({ authenticate, findRunnerKeys, readJob, stopJob }: JobsRouteDeps): Hono {
  const findOwn = async (id: string, accountId: number) => {
    const jobId = parseJobId(id)
    return jobId && (await readJob(jobId, accountId))
  }
  return new Hono()
    .get('/v1/jobs/:id', async (c) => {
      const who = await authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const job = await findOwn(c.req.param('id'), who.caller.accountId)
      if (!job) return refuseAccount('job-not-found', { param: 'id' })
      const receipts = receiptsOf(job)
      const paired = await findRunnerKeys(receipts.map(({ runnerId }) => runnerId))
      const runner_keys = { ...Object.fromEntries(paired), ...teeKeysOf(job, receipts) }
      return c.json({ ...toJobJson(job), receipts, runner_keys }, 200, { 'cache-control': 'no-store' })
    })
    .post('/v1/jobs/:id/stop', async (c) => {
      const who = await authenticate(c.req.header('authorization'))
      if (!who.ok) return refuseAccount(who.reason)
      const job = await findOwn(c.req.param('id'), who.caller.accountId)
      if (!job) return refuseAccount('job-not-found', { param: 'id' })
      await stopJob(job.model, job.id, who.caller.accountId)
      return c.json({ id: job.id, stopped: true }, 200, { 'cache-control': 'no-store' })
    })
}

function receiptsOf({ receipts }: JobRecord): readonly AnyReceipt[] {
  return receipts === null ? [] : anyReceiptSchema.array().parse(JSON.parse(receipts))
}

/** Keys of TEEs, as they were admitted when the job was given to them: the places in `why` are the numbers of attempts. */
function teeKeysOf({ why }: JobRecord, receipts: readonly AnyReceipt[]): Record<string, string> {
  const chosen = WHY.safeParse(why === null ? [] : JSON.parse(why)).data ?? []
  return Object.fromEntries(
    receipts.flatMap(({ runnerId, attempt }) => {
      const key = chosen[attempt]?.signing_key
      return key === undefined ? [] : [[runnerId, key]]
    }),
  )
}

const WHY = z.array(z.object({ signing_key: z.string().optional() }))

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
