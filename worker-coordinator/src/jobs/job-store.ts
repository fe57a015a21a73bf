import { and, eq, gte, inArray, lt, sql } from 'drizzle-orm'
import type { JobReason } from '../../../protocol/src/answer.ts'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import type { Transfer } from '../ledger/ledger.ts'
import { type Db, insertTransfer } from '../ledger/ledger-store.ts'
import type { Price } from '../pricing/price.ts'
import type { Job } from './chat-job.ts'
import type { EndedState } from './job.ts'
import { idempotencyKeys, jobs } from './jobs-schema.ts'

/** The longest that a job may take, waiting included, in ms. After it, its hold is released. */
export const JOB_MAX_MS = 15 * 60_000

export type OpenJobResult =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly reason: 'insufficient-funds' | 'key-limit-reached' | 'idempotency-mismatch'
    }
  /** The same `Idempotency-Key` and body came before: that job stands. */
  | { readonly ok: false; readonly reason: 'same-key'; readonly jobId: string }

/** Writes a job and sets its hold aside, together or not at all. Repeating it changes nothing. */
export async function openJob(
  db: Db,
  input: {
    readonly job: Job
    readonly shard: number
    readonly state: 'queued' | 'running'
    readonly price: Price
    readonly hold: Nano
    readonly nowMs: number
  },
): Promise<OpenJobResult> {
  const { job, shard, state, price, hold, nowMs } = input
  const values = {
    id: job.jobId,
    accountId: job.caller.accountId,
    keyId: job.caller.keyId ?? null,
    // Sealed or not, it is a chat.
    kind: job.kind === 'sealed' ? ('chat' as const) : job.kind,
    model: job.model,
    tier: job.tier,
    shard,
    state,
    priceInput: price.input,
    priceOutput: price.output,
    hold,
    createdAt: nowMs,
  }
  try {
    if (!job.idempotency) {
      await insertJob(db).run(values)
    } else {
      const { accountId } = job.caller
      const key = { accountId, ...job.idempotency, jobId: job.jobId, createdAt: nowMs }
      await db.batch([
        db.insert(idempotencyKeys).values(key),
        db.insert(jobs).values({ ...values, ...UNTOUCHED }),
      ])
    }
    return { ok: true }
  } catch (error) {
    const message = messageOf(error)
    if (message.includes('insufficient-funds')) return { ok: false, reason: 'insufficient-funds' }
    if (message.includes('key-limit-reached')) return { ok: false, reason: 'key-limit-reached' }
    return afterLostReply(db, job, error)
  }
}

/** What a job begins with. */
const UNTOUCHED = { charge: nano(0n), promptTokens: 0, completionTokens: 0 } as const

/** The insert of a job, its SQL made once: on a chat's path making it took longer than sending it. */
function insertJob(db: Db) {
  const made = inserts.get(db) ?? prepareInsert(db)
  inserts.set(db, made)
  return made
}

const inserts = new WeakMap<Db, ReturnType<typeof prepareInsert>>()

function prepareInsert(db: Db) {
  const value = (name: string) => sql.placeholder(name)
  return db
    .insert(jobs)
    .values({
      ...UNTOUCHED,
      id: value('id'),
      accountId: value('accountId'),
      keyId: value('keyId'),
      kind: value('kind'),
      model: value('model'),
      tier: value('tier'),
      shard: value('shard'),
      state: value('state'),
      priceInput: value('priceInput'),
      priceOutput: value('priceOutput'),
      hold: value('hold'),
      createdAt: value('createdAt'),
    })
    .prepare()
}

/** The write failed in a way that says nothing: what stands in the database decides. */
async function afterLostReply(db: Db, job: Job, error: unknown): Promise<OpenJobResult> {
  if (job.idempotency) {
    const { accountId } = job.caller
    const { keyHash, fingerprint } = job.idempotency
    const [found] = await db
      .select()
      .from(idempotencyKeys)
      .where(and(eq(idempotencyKeys.accountId, accountId), eq(idempotencyKeys.keyHash, keyHash)))
    if (found && found.fingerprint !== fingerprint) return { ok: false, reason: 'idempotency-mismatch' }
    if (found && found.jobId !== job.jobId) return { ok: false, reason: 'same-key', jobId: found.jobId }
  }
  const [row] = await db.select({ id: jobs.id }).from(jobs).where(eq(jobs.id, job.jobId))
  if (row) return { ok: true }
  throw error
}

/** A queued job was leased. */
export async function markJobRunning(db: Db, jobId: string): Promise<void> {
  await db
    .update(jobs)
    .set({ state: 'running' })
    .where(and(eq(jobs.id, jobId), eq(jobs.state, 'queued')))
}

export type EndOfJob = {
  readonly jobId: string
  readonly state: EndedState
  readonly reason?: JobReason
  readonly charge: Nano
  readonly promptTokens: number
  readonly completionTokens: number
  readonly transfers: readonly Transfer[]
  readonly why?: string
  readonly receipts?: string
  readonly firstDeltaAt?: number
  readonly nowMs: number
}

/**
 * Ends a job: its hold is released, its transfers are posted, all in one batch. `already-ended` when it had ended
 * before, whoever did it: then nothing moved.
 */
export async function endJob(
  db: Db,
  end: EndOfJob,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly reason: 'already-ended' }> {
  const update = db
    .update(jobs)
    .set({
      state: end.state,
      reason: end.reason ?? null,
      charge: end.charge,
      promptTokens: end.promptTokens,
      completionTokens: end.completionTokens,
      why: end.why ?? null,
      receipts: end.receipts ?? null,
      firstDeltaAt: end.firstDeltaAt ?? null,
      endedAt: end.nowMs,
    })
    .where(eq(jobs.id, end.jobId))
  try {
    await db.batch([update, ...end.transfers.map((transfer) => insertTransfer(db, transfer, end.nowMs))])
    return { ok: true }
  } catch (error) {
    const [row] = await db.select({ endedAt: jobs.endedAt }).from(jobs).where(eq(jobs.id, end.jobId))
    if (row?.endedAt) return row.endedAt === end.nowMs ? { ok: true } : { ok: false, reason: 'already-ended' }
    throw error
  }
}

/** Jobs still open that were made between two moments; of one dispatch object, or of all. Job ids sort by time: no index needed. */
export function listOpenJobs(
  db: Db,
  range: {
    readonly fromMs: number
    readonly beforeMs: number
    readonly owner?: { readonly model: string; readonly shard: number }
  },
): Promise<readonly { readonly id: string; readonly model: string }[]> {
  return db
    .select({ id: jobs.id, model: jobs.model })
    .from(jobs)
    .where(
      and(
        gte(jobs.id, firstJobIdAt(range.fromMs)),
        lt(jobs.id, firstJobIdAt(range.beforeMs)),
        inArray(jobs.state, ['queued', 'running']),
        range.owner && and(eq(jobs.model, range.owner.model), eq(jobs.shard, range.owner.shard)),
      ),
    )
    .limit(1000)
}

/** Ends a job that nobody runs any more: nothing is charged and its hold goes back. */
export function voidJob(db: Db, jobId: string, reason: JobReason, nowMs: number) {
  return endJob(db, {
    jobId,
    state: 'failed',
    reason,
    charge: nano(0n),
    promptTokens: 0,
    completionTokens: 0,
    transfers: [],
    nowMs,
  })
}

export type JobRecord = typeof jobs.$inferSelect

/** A job's record, for the account that paid it. */
export async function readJob(db: Db, jobId: string, accountId: number): Promise<JobRecord | undefined> {
  const [row] = await db
    .select()
    .from(jobs)
    .where(and(eq(jobs.id, jobId), eq(jobs.accountId, accountId)))
  return row
}

/** drizzle wraps D1's error: the rule that broke stands in its cause. */
function messageOf(error: unknown): string {
  return error instanceof Error
    ? `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
    : ''
}
