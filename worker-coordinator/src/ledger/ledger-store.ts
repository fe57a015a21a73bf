import { eq, sql } from 'drizzle-orm'
import { type DrizzleD1Database, drizzle } from 'drizzle-orm/d1'
import { LEDGER, type LedgerAudit, type StrayedSums, type Transfer } from './ledger.ts'
import { ledgerStops, ledgerTransfers } from './ledger-schema.ts'
import { REBUILT_COINS, REBUILT_SUMS } from './rebuild-balances.ts'

export type Db = DrizzleD1Database

/** Up to how many transfers an audit adds up by default. */
const AUDITED_TRANSFERS_MAX = 200_000
/** How many accounts an audit names. */
const STRAYED_MAX = 20

export function connectDb(database: D1Database): Db {
  return drizzle(database)
}

/** The statement that posts a transfer; for a batch. */
export function insertTransfer(db: Db, { id, kind, debit, credit, amount, fee }: Transfer, nowMs: number) {
  return db.insert(ledgerTransfers).values({ id, kind, debit, credit, amount, fee, at: nowMs })
}

/**
 * How deep an audit looks. `sums`: accounts and payouts. `jobs`: also whether each charge was paid and each hold belongs
 * to an open job. `full`: also each account against its transfers.
 */
export type AuditDepth = 'sums' | 'jobs' | 'full'

/**
 * Reads the sums that an audit compares. From `jobs` on it scans whole tables: for alarms and tests, not for a chat's path.
 * Beyond `transfersMax` transfers no account is compared with its own.
 */
export async function readLedgerAudit(
  db: Db,
  {
    depth = 'full',
    transfersMax = AUDITED_TRANSFERS_MAX,
  }: { readonly depth?: AuditDepth; readonly transfersMax?: number } = {},
): Promise<LedgerAudit> {
  const [sums, jobs, strayed] = await Promise.all([
    readSums(db),
    depth === 'sums' ? undefined : readJobSums(db),
    depth === 'full' ? readStrayed(db, transfersMax) : undefined,
  ])
  return {
    debits: BigInt(sums.debits),
    credits: BigInt(sums.credits),
    overdrawn: Number(sums.overdrawn),
    hotDifference: BigInt(sums.hot) - BigInt(sums.wallet),
    inflightDifference: BigInt(sums.inflight) - BigInt(sums.payouts),
    clearing: jobs && BigInt(jobs.charged) - BigInt(jobs.paid),
    strayHolds: jobs && BigInt(jobs.held) - BigInt(jobs.open),
    strayed,
  }
}

/** One statement: all of it at one moment. */
function readSums(db: Db) {
  type Name = 'debits' | 'credits' | 'overdrawn' | 'hot' | 'wallet' | 'inflight' | 'payouts'
  return db.get<Record<Name, string>>(sql`
    SELECT
      (SELECT CAST(COALESCE(SUM(debits), 0) AS TEXT) FROM ledger_accounts) AS debits,
      (SELECT CAST(COALESCE(SUM(credits), 0) AS TEXT) FROM ledger_accounts) AS credits,
      (SELECT CAST(COUNT(*) AS TEXT) FROM ledger_accounts
        WHERE (side = 'credit' AND debits + held > credits)
          OR (id IN (${LEDGER.hot}, ${LEDGER.cold}, ${LEDGER.stars}) AND credits + held > debits)) AS overdrawn,
      (SELECT CAST(COALESCE(SUM(debits - credits), 0) AS TEXT) FROM ledger_accounts WHERE id = ${LEDGER.hot}) AS hot,
      (SELECT CAST(COALESCE(SUM(balance), 0) AS TEXT) FROM hot_wallet) AS wallet,
      (SELECT CAST(COALESCE(SUM(credits - debits), 0) AS TEXT)
        FROM ledger_accounts WHERE id = ${LEDGER.payoutInflight}) AS inflight,
      (SELECT CAST(COALESCE(SUM(amount), 0) AS TEXT) FROM payouts WHERE state IN ('queued', 'planned')) AS payouts
  `)
}

function readJobSums(db: Db) {
  return db.get<Record<'charged' | 'paid' | 'held' | 'open', string>>(sql`
    SELECT
      (SELECT CAST(COALESCE(SUM(charge), 0) AS TEXT) FROM jobs) AS charged,
      (SELECT CAST(COALESCE(SUM(amount), 0) AS TEXT) FROM ledger_transfers WHERE kind = 'usage') AS paid,
      (SELECT CAST(COALESCE((SELECT SUM(held) FROM ledger_accounts), 0)
        + COALESCE((SELECT SUM(held) FROM api_keys), 0) AS TEXT)) AS held,
      (SELECT CAST(COALESCE(SUM(hold), 0) AS TEXT) FROM jobs WHERE state IN ('queued', 'running')) AS open
  `)
}

/** Compares each account with what its transfers add up to. Changes nothing. Undefined where there are too many transfers. */
async function readStrayed(db: Db, transfersMax: number): Promise<StrayedSums | undefined> {
  const counted = await db.get<{ count: number }>(
    sql`SELECT COUNT(*) AS count FROM (SELECT 1 FROM ledger_transfers LIMIT ${transfersMax + 1})`,
  )
  if (counted.count > transfersMax) return undefined
  const [accounts, coins] = await Promise.all([
    db.all<{ id: number }>(sql`
      SELECT a.id FROM ledger_accounts a JOIN (${sql.raw(REBUILT_SUMS)}) r ON r.id = a.id
      WHERE a.debits <> r.debits OR a.credits <> r.credits OR a.held <> r.held`),
    db.all<{ id: number }>(sql`
      SELECT COALESCE(c.id, r.id) AS id FROM ledger_coins c FULL JOIN (${sql.raw(REBUILT_COINS)}) r ON r.id = c.id
      WHERE c.deposited IS NOT r.deposited OR c.withdrawn IS NOT r.withdrawn`),
  ])
  const ids = [...new Set([...accounts, ...coins].map(({ id }) => id))]
  return { accounts: accounts.length, coins: coins.length, ids: ids.slice(0, STRAYED_MAX) }
}

/** Stops all payouts, for a reason. The first reason stays. Repeatable. */
export async function freezePayouts(db: Db, reason: string, nowMs: number): Promise<void> {
  await db.insert(ledgerStops).values({ name: 'payouts-frozen', reason, at: nowMs }).onConflictDoNothing()
}

/** Lets payouts go on. Only a person asks for it: an alarm that still sees a fault stops them again. */
export async function liftFreeze(db: Db): Promise<void> {
  await db.delete(ledgerStops).where(eq(ledgerStops.name, 'payouts-frozen'))
}

/** Why payouts are stopped, and since when; undefined when they are not. */
export async function readFreeze(
  db: Db,
): Promise<{ readonly reason: string; readonly at: number } | undefined> {
  const [row] = await db.select().from(ledgerStops).where(eq(ledgerStops.name, 'payouts-frozen'))
  return row && { reason: row.reason, at: row.at }
}

/** Throws when the database does not answer. */
export async function pingDatabase(db: Db): Promise<void> {
  await db.get(sql`SELECT 1`)
}
