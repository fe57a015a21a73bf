import { and, desc, eq, like, lt, lte, or, sql } from 'drizzle-orm'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { LEDGER } from '../ledger/ledger.ts'
import { guards, ledgerTransfers } from '../ledger/ledger-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { payoutIdOf } from '../payouts/payout-id.ts'
import { payouts } from '../payouts/payouts-schema.ts'
import { RETURN_FEE, RETURN_MIN, SUSPENSE_RETURN_AFTER_MS } from './deposit-terms.ts'
import { deposits } from './deposits-schema.ts'

export type Deposit = typeof deposits.$inferSelect

export type DepositPage = { readonly deposits: readonly Deposit[]; readonly next: string | undefined }

/** The most deposits of one page. */
const PAGE_MAX = 50
/** The most deposits that are claimed, or sent back, in one batch. */
const BATCH_MAX = 50
/** The most deposits on their way back that are looked at in one go. */
const RETURNING_MAX = 1000

/** An account's deposits, newest first. `after` is the `next` of the page before. */
export async function listDeposits(
  db: Db,
  {
    accountId,
    limit,
    after,
  }: { readonly accountId: number; readonly limit: number; readonly after?: string },
): Promise<DepositPage> {
  const size = Math.max(1, Math.min(limit, PAGE_MAX))
  const from = after === undefined ? undefined : parsePlace(after)
  const rows = await db
    .select()
    .from(deposits)
    .where(
      and(
        eq(deposits.accountId, accountId),
        from && or(lt(deposits.at, from.at), and(eq(deposits.at, from.at), lt(deposits.id, from.id))),
      ),
    )
    .orderBy(desc(deposits.at), desc(deposits.id))
    .limit(size + 1)
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  return { deposits: shown, next: rows.length > size && last ? `${last.at}-${last.id}` : undefined }
}

/**
 * Credits what came from an address before its owner was known, to the account that has just proven it. Repeatable:
 * each deposit is claimed once. Gives what this call found claimed.
 */
export async function claimSuspense(
  db: Db,
  {
    accountId,
    address,
    nowMs,
  }: { readonly accountId: number; readonly address: string; readonly nowMs: number },
): Promise<{ readonly amount: Nano; readonly deposits: number }> {
  let amount = 0n
  let count = 0
  for (;;) {
    const found = await db
      .select({ id: deposits.id, amount: deposits.amount })
      .from(deposits)
      .where(and(eq(deposits.state, 'suspense'), eq(deposits.sender, address)))
      .limit(BATCH_MAX)
    if (found.length === 0) return { amount: nano(amount), deposits: count }
    const ids = JSON.stringify(found.map(({ id }) => id))
    const chosen = sql`state = 'suspense' AND id IN (SELECT value FROM json_each(${ids}))`
    try {
      await db.batch([
        db.insert(ledgerTransfers).select(sql`
          SELECT id || '/claim', 'claim', ${LEDGER.suspenseDeposit}, ${accountId}, amount, 0, ${nowMs}
          FROM deposits WHERE ${chosen}`),
        db.update(deposits).set({ state: 'claimed', via: 'claim', accountId }).where(chosen),
      ])
    } catch (error) {
      const [first] = await db
        .select({ state: deposits.state, accountId: deposits.accountId })
        .from(deposits)
        .where(eq(deposits.id, found[0]?.id ?? ''))
      if (first?.state !== 'claimed' || first.accountId !== accountId) throw error
    }
    amount += found.reduce((sum, deposit) => sum + deposit.amount, 0n)
    count += found.length
  }
}

/**
 * Sends back what nobody was named for in 7 days: queues a payout to the sender, less the network's fee. What is too small
 * stays. Gives how many were queued.
 */
export async function returnOldSuspense(db: Db, nowMs: number): Promise<number> {
  const old = await db
    .select()
    .from(deposits)
    .where(
      and(
        eq(deposits.state, 'suspense'),
        lte(deposits.at, nowMs - SUSPENSE_RETURN_AFTER_MS),
        sql`${deposits.amount} >= ${Number(RETURN_MIN)}`,
        like(deposits.sender, '0:%'),
        sql`NOT EXISTS (SELECT 1 FROM ledger_stops WHERE name = 'payouts-frozen')`,
      ),
    )
    .orderBy(deposits.at)
    .limit(BATCH_MAX)
  let queued = 0
  for (const deposit of old) if (await returnDeposit(db, deposit, nowMs)) queued++
  return queued
}

async function returnDeposit(db: Db, deposit: Deposit, nowMs: number): Promise<boolean> {
  const id = payoutIdOf(`return/${deposit.id}`)
  try {
    await db.batch([
      db.insert(guards).select(sql`SELECT state = 'suspense' FROM deposits WHERE id = ${deposit.id}`),
      db.insert(payouts).values({
        id,
        accountId: null,
        source: LEDGER.suspenseDeposit,
        cause: 'return',
        destination: deposit.sender,
        amount: nano(deposit.amount - RETURN_FEE),
        fee: RETURN_FEE,
        state: 'queued',
        createdAt: nowMs,
      }),
      db.insert(ledgerTransfers).values({
        id,
        kind: 'suspense-return',
        debit: LEDGER.suspenseDeposit,
        credit: LEDGER.payoutInflight,
        amount: deposit.amount,
        fee: RETURN_FEE,
        at: nowMs,
      }),
      db.update(deposits).set({ state: 'returning' }).where(eq(deposits.id, deposit.id)),
      db.delete(guards),
    ])
    return true
  } catch (error) {
    const [now] = await db.select({ state: deposits.state }).from(deposits).where(eq(deposits.id, deposit.id))
    if (now?.state !== 'suspense') return now?.state === 'returning'
    const [before] = await db.select({ id: payouts.id }).from(payouts).where(eq(payouts.id, id))
    if (before) return false // it was tried, and did not work: it stays
    throw error
  }
}

/** Marks deposits that went back as returned, and those whose way back failed as waiting again. Repeatable. */
export async function settleReturns(db: Db): Promise<void> {
  const returning = await db
    .select({ id: deposits.id })
    .from(deposits)
    .where(eq(deposits.state, 'returning'))
    .orderBy(deposits.at)
    .limit(RETURNING_MAX)
  if (returning.length === 0) return
  const byPayout = new Map(returning.map(({ id }) => [payoutIdOf(`return/${id}`), id]))
  const ids = JSON.stringify([...byPayout.keys()])
  const ended = await db
    .select({ id: payouts.id, state: payouts.state })
    .from(payouts)
    .where(
      sql`${payouts.id} IN (SELECT value FROM json_each(${ids})) AND ${payouts.state} IN ('paid', 'failed')`,
    )
  for (const { id, state } of ended) {
    await db
      .update(deposits)
      .set({ state: state === 'paid' ? 'returned' : 'suspense' })
      .where(and(eq(deposits.id, byPayout.get(id) ?? ''), eq(deposits.state, 'returning')))
  }
}

function parsePlace(text: string): { readonly at: number; readonly id: string } | undefined {
  const cut = text.indexOf('-')
  const at = text.slice(0, cut)
  return cut > 0 && /^[0-9]{1,16}$/.test(at) ? { at: Number(at), id: text.slice(cut + 1) } : undefined
}
