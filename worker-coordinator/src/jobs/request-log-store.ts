import { sql } from 'drizzle-orm'
import { findJobRanges } from '../billing/statement-store.ts'
import type { JobWindow } from '../ledger/job-window.ts'
import { cutWindow } from '../ledger/job-window-store.ts'
import type { Db } from '../ledger/ledger-store.ts'
import type { JobRecord } from './job-store.ts'

/** How many of the network's jobs are looked through for a page. */
const SCANNED_JOBS_MAX = 5000
/** In how many ranges of days they are looked for, for a page. */
const RANGES_MAX = 8
/** Above every job's id: `` ` `` follows `_` in the order of bytes. */
const JOB_IDS_END = 'job`'

/** A job as a line of the log: what was asked and what became of it, without a word of either. */
export type LoggedRequest = Pick<
  JobRecord,
  | 'id'
  | 'kind'
  | 'model'
  | 'tier'
  | 'state'
  | 'reason'
  | 'promptTokens'
  | 'completionTokens'
  | 'createdAt'
  | 'firstDeltaAt'
  | 'endedAt'
> & {
  /** Nano. */
  readonly charge: number
  /** Null: without a key, or the key is gone. */
  readonly keyName: string | null
}

/** A page, and below which id the next, older one begins; undefined: there is none. */
export type RequestLogPage = {
  readonly requests: readonly LoggedRequest[]
  readonly next: string | undefined
}

export type RequestLogInput = {
  readonly accountId: number
  /** Only what was asked with this key. */
  readonly keyId: number | undefined
  readonly limit: number
  /** Only jobs below this id, or the beginning of one. */
  readonly below: string | undefined
  /** For tests. */
  readonly scanMax?: number
}

/**
 * One page of the jobs that an account asked for, the newest first. There is no index by account, since a chat would pay
 * for it: jobs are looked through by their key, a bounded number for each page, and days without any of this account are
 * left out. A page can be empty and still have a next one.
 */
export async function listRequests(db: Db, input: RequestLogInput): Promise<RequestLogPage> {
  const { accountId, limit, below = JOB_IDS_END, scanMax = SCANNED_JOBS_MAX } = input
  const ranges = await findJobRanges(db, accountId, below)
  const requests: LoggedRequest[] = []
  let left = scanMax
  for (const [step, range] of ranges.entries()) {
    const { window, count } = await cutWindow(db, range, left)
    requests.push(...(await readLines(db, input, window, limit + 1 - requests.length)))
    if (requests.length > limit) {
      const page = requests.slice(0, limit)
      return { requests: page, next: page.at(-1)?.id }
    }
    left -= count
    if (left <= 0 || step + 1 === RANGES_MAX) return { requests, next: window.from }
  }
  return { requests, next: undefined }
}

function readLines(
  db: Db,
  { accountId, keyId }: RequestLogInput,
  { from, to }: JobWindow,
  limit: number,
): Promise<LoggedRequest[]> {
  const ofKey = keyId === undefined ? sql`` : sql`and j.key_id = ${keyId}`
  return db.all<LoggedRequest>(sql`
    select j.id as id, j.kind as kind, j.model as model, j.tier as tier, j.state as state, j.reason as reason,
      (select name from api_keys where id = j.key_id and account_id = ${accountId}) as keyName,
      j.prompt_tokens as promptTokens, j.completion_tokens as completionTokens, j.charge as charge,
      j.created_at as createdAt, j.first_delta_at as firstDeltaAt, j.ended_at as endedAt
    from jobs j where j.id < ${to} and j.id >= ${from} and j.account_id = ${accountId} ${ofKey}
    order by j.id desc limit ${limit}`)
}
