import { sql } from 'drizzle-orm'
import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { jobTimeMs } from '../ledger/job-window.ts'
import type { Db } from '../ledger/ledger-store.ts'

/** How many transfers a forecast is made of. On a busy network it then covers less than a day, and says so. */
const TRANSFERS_MAX = 50_000
const MODELS_MAX = 200
/** Above every job's id: `` ` `` follows `_` in the order of bytes. */
const JOB_IDS_END = 'job`'

/** What runners that anybody can use earned with a model, and how long they were connected for it, all together. */
export type ModelEarnings = {
  readonly model: string
  readonly runners: number
  readonly connectedMs: number
  readonly earned: Nano
}
export type EarningsByModel = {
  readonly models: readonly ModelEarnings[]
  readonly fromMs: number
  readonly toMs: number
}

/** What runners earned by model between two moments, or in the last part of that. What earned most comes first. */
export async function readEarningsByModel(
  db: Db,
  input: {
    readonly fromMs: number
    readonly toMs: number
    /** For tests. */
    readonly transfersMax?: number
  },
): Promise<EarningsByModel> {
  const { toMs, transfersMax = TRANSFERS_MAX } = input
  const seen = await db.get<{ count: number; last: string | null }>(sql`
    select count(*) as count, min(id) as last from (select id from ledger_transfers
      where id >= ${firstJobIdAt(input.fromMs)} and id < ${JOB_IDS_END} order by id desc limit ${transfersMax})`)
  const isCut = seen.count === transfersMax && seen.last !== null
  const fromMs = isCut ? Math.max(input.fromMs, jobTimeMs(seen.last ?? '')) : input.fromMs
  type Row = { model: string; runners: number; ms: number; earned: number }
  const rows = await db.all<Row>(sql`
    with public as (select id, ledger_id from runners where audience = 'everyone'),
    stood as (
      select runner_id, model, max(from_at, ${fromMs}) as a, min(coalesce(to_at, ${toMs}), ${toMs}) as b
      from (select * from runner_presence where to_at is null
        union all select * from runner_presence where to_at > ${fromMs})
      where from_at < ${toMs} and runner_id in (select id from public)),
    paid as (
      select j.model as model, t.amount - t.fee as amount
      from ledger_transfers t join jobs j on j.id = substr(t.id, 1, instr(t.id, '/') - 1)
      where t.id >= ${firstJobIdAt(fromMs)} and t.id < ${JOB_IDS_END} and t.kind = 'usage'
        and t.credit in (select ledger_id from public))
    select model, coalesce(sum(runner), 0) as runners, coalesce(sum(ms), 0) as ms, coalesce(sum(amount), 0) as earned
    from (
      select model, count(distinct runner_id) as runner, sum(b - a) as ms, 0 as amount from stood group by model
      union all select model, 0, 0, sum(amount) from paid group by model)
    group by model order by earned desc, ms desc, model limit ${MODELS_MAX}`)
  return {
    models: rows.map(({ model, runners, ms, earned }) => ({
      model,
      runners,
      connectedMs: ms,
      earned: nano(BigInt(earned)),
    })),
    fromMs,
    toMs,
  }
}
