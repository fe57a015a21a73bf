import { sql } from 'drizzle-orm'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { LEDGER } from '../ledger/ledger.ts'
import type { Db } from '../ledger/ledger-store.ts'

/** Something that happened to an account's coins. `id` says what: the same is told once. */
export type News = {
  readonly id: string
  readonly accountId: number
  readonly kind: 'deposit-credited' | 'payout-sent' | 'payout-failed'
  readonly amount: Nano
  /** `<lt>:<hash>`; undefined for what did not reach the chain. */
  readonly transactionId: string | undefined
}

const NEWS_MAX = 500

/** What happened since a moment, by our own clock: deposits that were credited, payouts that ended. */
export async function listNews(db: Db, sinceMs: number): Promise<readonly News[]> {
  const rows = await db.all<{
    id: string
    accountId: number
    kind: News['kind']
    amount: number
    transactionId: string | null
  }>(sql`
    SELECT moved.id AS id, deposits.account_id AS accountId, 'deposit-credited' AS kind, deposits.amount AS amount,
      deposits.id AS transactionId
    FROM ledger_transfers moved JOIN deposits ON deposits.id = substr(moved.id, 1, length(moved.id) - length('/deposit'))
    WHERE moved.debit = ${LEDGER.hot} AND moved.at >= ${sinceMs} AND moved.kind <> 'usage' AND moved.kind = 'deposit'
    UNION ALL
    SELECT moved.id, payouts.account_id, 'payout-sent', payouts.amount, payouts.transaction_id
    FROM ledger_transfers moved JOIN payouts ON payouts.id = substr(moved.id, 1, length(moved.id) - length('/sent'))
    WHERE moved.debit = ${LEDGER.payoutInflight} AND moved.at >= ${sinceMs} AND moved.kind <> 'usage'
      AND moved.kind = 'payout-sent' AND payouts.account_id IS NOT NULL
    UNION ALL
    SELECT moved.id, payouts.account_id, 'payout-failed', payouts.amount, NULL
    FROM ledger_transfers moved JOIN payouts ON payouts.id = substr(moved.id, 1, length(moved.id) - length('/back'))
    WHERE moved.debit = ${LEDGER.payoutInflight} AND moved.at >= ${sinceMs} AND moved.kind <> 'usage'
      AND moved.kind = 'payout-back' AND payouts.account_id IS NOT NULL
    LIMIT ${NEWS_MAX}`)
  return rows.map(({ amount, transactionId, ...row }) => ({
    ...row,
    amount: nano(BigInt(amount)),
    transactionId: transactionId ?? undefined,
  }))
}
