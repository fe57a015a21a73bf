import { and, eq, inArray, sql } from 'drizzle-orm'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { payouts } from '../payouts/payouts-schema.ts'
import { hotWallet } from './treasury-schema.ts'

/** A person has looked: the wallet goes on from where it stopped. Gives false when it was not halted. */
export async function resumeTreasury(db: Db): Promise<boolean> {
  const rows = await db
    .update(hotWallet)
    .set({ state: 'running', reason: null })
    .where(and(eq(hotWallet.id, 1), eq(hotWallet.state, 'halted')))
    .returning({ id: hotWallet.id })
  return rows.length > 0
}

export type TreasuryStatus = {
  /** Raw. */
  readonly address: string
  readonly state: 'running' | 'halted'
  readonly reason: string | undefined
  /** When the chain was last read with success; a minute more or less. */
  readonly scannedAtMs: number
  readonly balance: Nano
  /** Payouts that wait or are under way, and their sum. */
  readonly openPayouts: number
  readonly openAmount: Nano
  /** When the oldest of them was ordered. */
  readonly oldestOpenMs: number | undefined
}

/** How the hot wallet stands; undefined before it was first started. */
export async function readTreasuryStatus(db: Db): Promise<TreasuryStatus | undefined> {
  const [[row], [open]] = await Promise.all([
    db.select().from(hotWallet).where(eq(hotWallet.id, 1)),
    db
      .select({
        count: sql<number>`COUNT(*)`,
        sum: sql`COALESCE(SUM(${payouts.amount}), 0)`.mapWith(payouts.amount),
        oldest: sql<number | null>`MIN(${payouts.createdAt})`,
      })
      .from(payouts)
      .where(inArray(payouts.state, ['queued', 'planned'])),
  ])
  return (
    row && {
      address: row.address,
      state: row.state,
      reason: row.reason ?? undefined,
      scannedAtMs: row.scannedAt,
      balance: row.balance,
      openPayouts: open?.count ?? 0,
      openAmount: open?.sum ?? nano(0n),
      oldestOpenMs: open?.oldest ?? undefined,
    }
  )
}
