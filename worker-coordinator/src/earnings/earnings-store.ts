import { and, eq, sql } from 'drizzle-orm'
import type { Nano } from '../../../protocol/src/money.ts'
import { brokenRule } from '../ledger/broken-rule.ts'
import { type JobWindow, jobTimeMs } from '../ledger/job-window.ts'
import { takeWindow } from '../ledger/job-window-store.ts'
import { ledgerAccounts, ledgerTransfers } from '../ledger/ledger-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'

/** `liab:runner:` has this many characters: behind them stands the runner's id. */
const RUNNER_CODE = 'liab:runner:'.length
/** Ids of the network's own accounts and of these never meet: above 2^32, up to 2^53 − 1. */
const ID_FLOOR = 2 ** 32 + 1
const ID_RANGE = Number.MAX_SAFE_INTEGER - ID_FLOOR

/**
 * Matures a window: for each runner one transfer, `mature/<its ledger id>/<end of the window, ms>`, of what its jobs there
 * paid. All sums are taken inside the batch. A runner whose account has less than that, since something was taken back,
 * gives what it has. False when nothing moved: another run was first, or a job is open.
 */
export function matureWindow(db: Db, window: JobWindow, nowMs: number): Promise<boolean> {
  const pay = sql`
    select t.credit as runner, sum(t.amount - t.fee) as amount, r.account_id as account
    from ledger_transfers t
    join ledger_accounts l on l.id = t.credit and l.code glob 'liab:runner:*'
    join runners r on r.id = substr(l.code, ${RUNNER_CODE + 1})
    where t.id >= ${window.from} and t.id < ${window.to} and t.kind = 'usage'
    group by t.credit`
  return takeWindow(db, 'matured', window, [
    db.insert(ledgerAccounts).select(
      sql`select ${sql.raw(String(ID_FLOOR))} + abs(random() % ${sql.raw(String(ID_RANGE))}), 'liab:owner:' || account, 'credit', 0, 0, 0
        from (select distinct account from (${pay}))
        where not exists (select 1 from ledger_accounts where code = 'liab:owner:' || account)`,
    ),
    db.insert(ledgerTransfers).select(
      sql`select 'mature/' || p.runner || '/' || ${String(jobTimeMs(window.to))}, 'mature', p.runner, o.id,
          min(p.amount, l.credits - l.debits - l.held), 0, ${nowMs}
        from (${pay}) p
        join ledger_accounts l on l.id = p.runner
        join ledger_accounts o on o.code = 'liab:owner:' || p.account
        where min(p.amount, l.credits - l.debits - l.held) > 0`,
    ),
  ])
}

export type SpendEarningsResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'insufficient-funds' | 'idempotency-mismatch' }

/**
 * Moves matured earnings to what the account's chats are paid from. Once per `requestKey`, a hash of the caller's
 * `Idempotency-Key`: a repeat changes nothing, and with another amount is refused.
 */
export async function spendEarnings(
  db: Db,
  input: {
    readonly accountId: number
    readonly amount: Nano
    readonly requestKey: string
    readonly nowMs: number
  },
): Promise<SpendEarningsResult> {
  const { accountId, amount } = input
  const id = `use/${accountId}/${input.requestKey}`
  const nano = sql.param(amount, ledgerTransfers.amount)
  try {
    await db
      .insert(ledgerTransfers)
      .select(
        sql`select ${id}, 'earnings-use', id, ${accountId}, ${nano}, 0, ${input.nowMs}
          from ledger_accounts where code = ${`liab:owner:${accountId}`}
          and not exists (select 1 from ledger_transfers where ledger_transfers.id = ${id})`,
      )
      .run()
  } catch (error) {
    if (brokenRule(error).includes('insufficient-funds')) return { ok: false, reason: 'insufficient-funds' }
    const [committed] = await db.select().from(ledgerTransfers).where(eq(ledgerTransfers.id, id))
    if (!committed) throw error
  }
  const [moved] = await db
    .select({ amount: ledgerTransfers.amount })
    .from(ledgerTransfers)
    .where(and(eq(ledgerTransfers.id, id), eq(ledgerTransfers.credit, accountId)))
  // Nothing was written: no runner of this account has earned anything that matured.
  if (!moved) return { ok: false, reason: 'insufficient-funds' }
  return moved.amount === amount ? { ok: true } : { ok: false, reason: 'idempotency-mismatch' }
}
