import { sql } from 'drizzle-orm'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { JOB_MAX_MS } from '../jobs/job-store.ts'
import type { Db } from '../ledger/ledger-store.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
/** A job that ended in the last minute was made at most this long ago: it may take 15 min, and its expiry a minute more. */
const LOOK_BACK_MS = JOB_MAX_MS + 5 * MINUTE_MS
/** How many of the latest jobs are looked at. Beyond it the figure is a low one. */
const JOBS_SCANNED_MAX = 20_000
/** How many transfers that are not in the figures of a day yet are read. They are those of the last minutes. */
const FRESH_TRANSFERS_MAX = 50_000
/** How many runners are looked through for what they earned today. */
const RUNNERS_SCANNED_MAX = 50_000
/** Above every job's id: `` ` `` follows `_` in the order of bytes. */
const JOB_IDS_END = 'job`'
const JOB_ID_CHARS = 'job_'.length + 25

/** Jobs that ended with an answer, or a part of one, in the last 60 s; those on people's own machines are nobody else's business. */
export async function countJobsLastMinute(db: Db, nowMs: number): Promise<number> {
  const row = await db.get<{ count: number }>(sql`
    select count(*) as count
    from (select ended_at, state, tier from jobs
      where id >= ${firstJobIdAt(nowMs - LOOK_BACK_MS)} and id < ${JOB_IDS_END}
      order by id desc limit ${JOBS_SCANNED_MAX})
    where ended_at > ${nowMs - MINUTE_MS} and state in ('done', 'stopped') and tier <> 'own'`)
  return row.count
}

/**
 * What all owners earned since midnight, UTC, after commission, and for how many jobs; a job that two runners shared may
 * count twice once its day is summed. Adds what is not in the figures of the day yet.
 */
export async function readOwnersToday(
  db: Db,
  nowMs: number,
): Promise<{ readonly ownersTodayNano: bigint; readonly jobsToday: number }> {
  const today = Math.floor(nowMs / DAY_MS)
  const row = await db.get<{ amount: string; jobs: number }>(sql`
    with summed as (
      select coalesce(sum(e.amount), 0) as amount, coalesce(sum(e.jobs), 0) as jobs
      from (select ledger_id from runners limit ${RUNNERS_SCANNED_MAX}) r
      join earning_days e on e.ledger_id = r.ledger_id and e.day = ${today}),
    fresh as (
      select coalesce(sum(amount - fee), 0) as amount, count(distinct substr(id, 1, ${JOB_ID_CHARS})) as jobs
      from (select id, amount, fee, kind, at from ledger_transfers
        where id >= (select up_to from ledger_cursors where name = 'summed') and id < ${JOB_IDS_END}
        order by id limit ${FRESH_TRANSFERS_MAX})
      where kind = 'usage' and at >= ${today * DAY_MS})
    select cast(summed.amount + fresh.amount as text) as amount, summed.jobs + fresh.jobs as jobs
    from summed, fresh`)
  return { ownersTodayNano: BigInt(row.amount), jobsToday: row.jobs }
}
