import { sql } from 'drizzle-orm'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import type { LedgerAudit, Transfer } from './ledger.ts'
import { ledgerTransfers } from './ledger-schema.ts'

export type Db = DrizzleD1Database

export function connectDb(database: D1Database): Db {
  return drizzle(database)
}

/** The statement that posts a transfer; for a batch. */
export function insertTransfer(db: Db, { id, kind, debit, credit, amount, fee }: Transfer, nowMs: number) {
  return db.insert(ledgerTransfers).values({ id, kind, debit, credit, amount, fee, at: nowMs })
}

/** Reads the sums that an audit compares. Scans whole tables: for alarms and tests, not for a chat's path. */
export async function readLedgerAudit(db: Db): Promise<LedgerAudit> {
  const row = await db.get<
    Record<'debits' | 'credits' | 'charged' | 'paid' | 'held' | 'open' | 'overdrawn', string>
  >(sql`
    SELECT
      (SELECT CAST(COALESCE(SUM(debits), 0) AS TEXT) FROM ledger_accounts) AS debits,
      (SELECT CAST(COALESCE(SUM(credits), 0) AS TEXT) FROM ledger_accounts) AS credits,
      (SELECT CAST(COALESCE(SUM(charge), 0) AS TEXT) FROM jobs) AS charged,
      (SELECT CAST(COALESCE(SUM(amount), 0) AS TEXT) FROM ledger_transfers WHERE kind = 'usage') AS paid,
      (SELECT CAST(COALESCE((SELECT SUM(held) FROM ledger_accounts), 0)
        + COALESCE((SELECT SUM(held) FROM api_keys), 0) AS TEXT)) AS held,
      (SELECT CAST(COALESCE(SUM(hold), 0) AS TEXT) FROM jobs WHERE state IN ('queued', 'running')) AS open,
      (SELECT CAST(COUNT(*) AS TEXT) FROM ledger_accounts WHERE side = 'credit' AND debits + held > credits) AS overdrawn
  `)
  return {
    debits: BigInt(row.debits),
    credits: BigInt(row.credits),
    clearing: BigInt(row.charged) - BigInt(row.paid),
    strayHolds: BigInt(row.held) - BigInt(row.open),
    overdrawn: Number(row.overdrawn),
  }
}

/** Throws when the database does not answer. */
export async function pingDatabase(db: Db): Promise<void> {
  await db.get(sql`SELECT 1`)
}
