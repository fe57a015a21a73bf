import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { UnpaidReason } from '../../../protocol/src/billing/earnings.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { earnedDays } from './earning-days-store.ts'
import { explainPay, type WorkedJob } from './explain-pay.ts'

/** How many of the network's latest jobs are looked through for those of an account's runners. */
const SCANNED_JOBS_MAX = 2000
/** How many runners a report shows. */
const RUNNERS_MAX = 1000
const DAY_MS = 86_400_000

export type RunnerEarnings = {
  readonly runnerId: string
  readonly name: string
  /** Since midnight, UTC; and with the 6, and the 29 days before. */
  readonly today: Nano
  readonly days7: Nano
  readonly days30: Nano
  readonly accruing: Nano
}

/** What each runner of an account earned, those that were removed included. The oldest first. */
export async function listRunnerEarnings(
  db: Db,
  accountId: number,
  nowMs: number,
): Promise<readonly RunnerEarnings[]> {
  const today = Math.floor(nowMs / DAY_MS)
  const since = (days: number) => sql`coalesce(sum(case when e.day > ${today - days} then e.amount end), 0)`
  type Row = { id: string; name: string; accruing: number; today: number; days7: number; days30: number }
  const rows = await db.all<Row>(sql`
    with mine as (select id, name, ledger_id, created_at from runners where account_id = ${accountId}
      order by created_at, id limit ${RUNNERS_MAX}),
    earned as (${earnedDays(sql`select ledger_id from mine`, today - 29)})
    select m.id as id, m.name as name, l.credits - l.debits - l.held as accruing,
      ${since(1)} as today, ${since(7)} as days7, ${since(30)} as days30
    from mine m join ledger_accounts l on l.id = m.ledger_id left join earned e on e.ledger_id = m.ledger_id
    group by m.id order by m.created_at, m.id`)
  return rows.map((row) => ({
    runnerId: row.id,
    name: row.name,
    today: nano(BigInt(row.today)),
    days7: nano(BigInt(row.days7)),
    days30: nano(BigInt(row.days30)),
    accruing: nano(BigInt(row.accruing)),
  }))
}

export type EarnedJob = {
  readonly jobId: string
  readonly runnerId: string
  readonly model: string
  readonly state: WorkedJob['state']
  readonly amount: Nano
  readonly completionTokens: number
  readonly reportedTokens: number | undefined
  readonly unpaidReason: UnpaidReason | undefined
  /** Why the job failed. */
  readonly jobReason: string | null
  readonly endedAtMs: number
}

/** A row of `jobs`, and of one runner's part in it. */
export type JobRow = {
  readonly id: string
  readonly runner: string
  readonly attempt: number
  readonly model: string
  readonly state: WorkedJob['state']
  readonly reason: string | null
  readonly price: number
  readonly tokens: number
  readonly receipts: string | null
  readonly ended: number
  readonly earned: number
}

/** What a JobRow is read from: `j` is the job, `w` its runner in `why`. */
export const JOB_COLUMNS = sql`j.id as id, w.value ->> 'runner' as runner, w.key as attempt, j.model as model,
  j.state as state, j.reason as reason, j.price_input + j.price_output as price,
  j.completion_tokens as tokens, j.receipts as receipts, j.ended_at as ended,
  coalesce((select amount - fee from ledger_transfers where id = j.id || '/earn/' || w.key), 0) as earned`

const receiptsSchema = z.array(z.looseObject({ attempt: z.int(), completionTokens: z.int() }))

/**
 * The newest jobs that runners of an account worked on, with what each was paid and why not. Looks through the network's
 * latest jobs by their key, and no further back.
 */
export async function listEarnedJobs(
  db: Db,
  { accountId, limit }: { readonly accountId: number; readonly limit: number },
): Promise<readonly EarnedJob[]> {
  if (limit === 0) return []
  const rows = await db.all<JobRow>(sql`
    select ${JOB_COLUMNS}
    from (select * from jobs where why is not null order by id desc limit ${SCANNED_JOBS_MAX}) j, json_each(j.why) w
    where w.value ->> 'runner' in (select id from runners where account_id = ${accountId})
    order by j.id desc, w.key desc limit ${limit}`)
  return rows.map(toEarnedJob)
}

/** Reads what a runner did of a job, and what it was paid for it. */
export function toEarnedJob(row: JobRow): EarnedJob {
  const receipts = receiptsSchema.parse(JSON.parse(row.receipts ?? '[]'))
  const reportedTokens = receipts.find(({ attempt }) => attempt === Number(row.attempt))?.completionTokens
  return {
    jobId: row.id,
    runnerId: row.runner,
    model: row.model,
    state: row.state,
    amount: nano(BigInt(row.earned)),
    completionTokens: row.tokens,
    reportedTokens,
    unpaidReason: explainPay({
      state: row.state,
      completionTokens: row.tokens,
      isFree: row.price === 0,
      reportedTokens,
      earned: BigInt(row.earned),
    }),
    jobReason: row.reason,
    endedAtMs: row.ended,
  }
}
