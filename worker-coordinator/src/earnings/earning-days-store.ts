import { type SQL, sql } from 'drizzle-orm'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import type { Db } from '../ledger/ledger-store.ts'
import type { EarnedDay } from './earning-days.ts'

/** How many transfers that are not in the figures of a day yet are read. They are those of the last minutes. */
const FRESH_TRANSFERS_MAX = 50_000
/** How many runners, those that were removed included, an account's days are read for. */
const RUNNERS_MAX = 1000
/** Above every job's id: `` ` `` follows `_` in the order of bytes. */
const JOB_IDS_END = 'job`'

/**
 * What places in the ledger earned by day, from a day on: `ledger_id`, `day`, `jobs`, `amount`, several rows for a day. The
 * figures of days, and what is too new for them. `mine` selects the ids of the places.
 */
export function earnedDays(mine: SQL, fromDay: number): SQL {
  return sql`
    select ledger_id, day, jobs, amount from earning_days where ledger_id in (${mine}) and day >= ${fromDay}
    union all
    select credit, at / 86400000, 1, amount - fee
      from (select * from ledger_transfers
        where id >= (select up_to from ledger_cursors where name = 'summed') and id < ${JOB_IDS_END}
        order by id limit ${FRESH_TRANSFERS_MAX})
      where kind = 'usage' and credit in (${mine}) and at / 86400000 >= ${fromDay}`
}

/** What each runner of an account earned on each day since a day, those that were removed included. */
export async function listEarnedDays(
  db: Db,
  { accountId, fromDay }: { readonly accountId: number; readonly fromDay: number },
): Promise<readonly EarnedDay[]> {
  type Row = { ledgerId: number; day: number; jobs: number; amount: number }
  const mine = sql`select ledger_id from runners where account_id = ${accountId}
    order by created_at, id limit ${RUNNERS_MAX}`
  const rows = await db.all<Row>(sql`
    select ledger_id as ledgerId, day, sum(jobs) as jobs, sum(amount) as amount
    from (${earnedDays(sql`select * from (${mine})`, fromDay)}) group by 1, 2`)
  return rows.map(({ amount, ...row }) => ({ ...row, amount: nano(BigInt(amount)) }))
}

/** How many jobs a runner was paid for, ever, and what it earned with them. */
export async function readEarnedEver(
  db: Db,
  ledgerId: number,
): Promise<{ readonly jobs: number; readonly earned: Nano }> {
  const { credits } = await db.get<{ credits: number }>(
    sql`select credits from ledger_accounts where id = ${ledgerId}`,
  )
  // Nothing yet: the minutes that are not in the figures need not be looked through.
  if (credits === 0) return { jobs: 0, earned: nano(0n) }
  const { jobs } = await db.get<{ jobs: number }>(
    sql`select coalesce(sum(jobs), 0) as jobs from (${earnedDays(sql`${ledgerId}`, 0)})`,
  )
  return { jobs, earned: nano(BigInt(credits)) }
}
