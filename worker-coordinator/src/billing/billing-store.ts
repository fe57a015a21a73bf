import { sql } from 'drizzle-orm'
import type { UsageGroup } from '../../../protocol/src/billing/usage.ts'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import type { Db } from '../ledger/ledger-store.ts'

/** How many jobs that are not in the figures of a day yet are read for a report. They are those of the last minutes. */
const FRESH_JOBS_MAX = 50_000

/** What an account has. All in nano. */
export type Money = {
  readonly available: Nano
  /** Set aside for jobs that run. */
  readonly held: Nano
  /** Of `available`, what came from outside: it may leave again. */
  readonly withdrawable: Nano
  /** Earned by its runners, and not old enough to be paid out. */
  readonly accruing: Nano
  /** Earned by its runners, and ready. */
  readonly payable: Nano
}

/** Reads what an account has, all at one moment. Undefined when there is no such account. */
export async function readMoney(db: Db, accountId: number): Promise<Money | undefined> {
  const row = await db.get<Record<keyof Money, number> | undefined>(sql`
    select available, held, max(0, min(available, coins)) as withdrawable, accruing, payable from (
      select
        u.credits - u.debits - u.held - k.held as available,
        u.held + k.held as held,
        coalesce((select deposited - withdrawn from ledger_coins where id = u.id), 0) as coins,
        coalesce((select sum(l.credits - l.debits - l.held) from runners r join ledger_accounts l on l.id = r.ledger_id
          where r.account_id = u.id), 0) as accruing,
        coalesce((select credits - debits - held from ledger_accounts where code = ${`liab:owner:${accountId}`}), 0) as payable
      from ledger_accounts u
      join (select coalesce(sum(held), 0) as held from api_keys where account_id = ${accountId}) k
      where u.id = ${accountId} and u.code = ${`liab:user:${accountId}`})`)
  if (!row) return undefined
  const { available, held, withdrawable, accruing, payable } = row
  const read = (value: number) => nano(BigInt(value))
  return {
    available: read(available),
    held: read(held),
    withdrawable: read(withdrawable),
    accruing: read(accruing),
    payable: read(payable),
  }
}

export type UsageLine = {
  /** A key's id (0: no key), a model's name, or a day (days since 1970). */
  readonly group: string | number
  /** A key's name; null otherwise. */
  readonly name: string | null
  readonly jobs: number
  readonly promptTokens: number
  readonly completionTokens: number
  readonly charge: Nano
}

const GROUP_COLUMNS = { key: 'key_id', model: 'model', day: 'day' } as const satisfies Record<
  UsageGroup,
  string
>

/** Sums what an account used from one day to another, both included (days since 1970, UTC), in groups. */
export async function readUsage(
  db: Db,
  input: {
    readonly accountId: number
    readonly fromDay: number
    readonly toDay: number
    readonly groupBy: UsageGroup
  },
): Promise<readonly UsageLine[]> {
  const { accountId, fromDay, toDay } = input
  const column = sql.raw(GROUP_COLUMNS[input.groupBy])
  const name =
    input.groupBy === 'key'
      ? sql`(select name from api_keys where id = key_id and account_id = ${accountId})`
      : sql`null`
  const rows = await db.all<Omit<UsageLine, 'charge'> & { charge: number }>(sql`
    with lines as (
      select day, model, key_id, jobs, prompt_tokens, completion_tokens, charge from usage_days
        where account_id = ${accountId} and day between ${fromDay} and ${toDay}
      union all
      select created_at / 86400000, model, coalesce(key_id, 0), 1, prompt_tokens, completion_tokens, charge
        from (select * from jobs where id >= (select up_to from ledger_cursors where name = 'summed')
          order by id limit ${FRESH_JOBS_MAX})
        where account_id = ${accountId} and ended_at is not null
          and created_at / 86400000 between ${fromDay} and ${toDay})
    select ${column} as "group", ${name} as name, sum(jobs) as jobs, sum(prompt_tokens) as promptTokens,
      sum(completion_tokens) as completionTokens, sum(charge) as charge
    from lines group by ${column} order by ${column}`)
  return rows.map((row) => ({ ...row, charge: nano(BigInt(row.charge)) }))
}
