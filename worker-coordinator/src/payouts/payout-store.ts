import { and, desc, eq, lt, or, sql } from 'drizzle-orm'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { brokenRule } from '../ledger/broken-rule.ts'
import { LEDGER } from '../ledger/ledger.ts'
import { guards, ledgerAccounts, ledgerTransfers } from '../ledger/ledger-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { payoutIdOf } from './payout-id.ts'
import { PAYOUT_TERMS, type PayoutTerms } from './payout-terms.ts'
import { payouts } from './payouts-schema.ts'

export type Payout = typeof payouts.$inferSelect

export type PayoutOrder = {
  readonly accountId: number
  /** `owner`: earnings that have matured; `user`: coins that were deposited for chats. */
  readonly source: 'owner' | 'user'
  /** What the destination gets. On demand the account pays the fee on top. */
  readonly amount: Nano
  /** Raw. Must be the account's proven wallet that is in effect. */
  readonly destination: string
  readonly cause: 'demand' | 'automatic'
  /** Which order it is: a hash of the caller's Idempotency-Key, or the automatic payout's number. */
  readonly idempotency: string
  readonly nowMs: number
}

export type OrderRefusal =
  | 'below-minimum'
  | 'insufficient-funds'
  | 'not-withdrawable'
  | 'payouts-frozen'
  | 'wallet-not-proven'
  | 'idempotency-mismatch'

export type OrderResult =
  | { readonly ok: true; readonly payout: Payout }
  | { readonly ok: false; readonly reason: OrderRefusal }

/**
 * Orders a payout: sets the coins aside and queues it, together or not at all. The same order again finds the payout that
 * it made; the same key with another order is refused.
 */
export async function orderPayout(
  db: Db,
  order: PayoutOrder,
  terms: PayoutTerms = PAYOUT_TERMS,
): Promise<OrderResult> {
  const { accountId, source, amount, destination, cause, idempotency, nowMs } = order
  const fee = cause === 'demand' ? terms.fee : nano(0n)
  const id = payoutIdOf(`${cause}/${accountId}/${idempotency}`)
  const known = await findOrder(db, id, order)
  if (known) return known
  if (amount < (cause === 'demand' ? terms.minimum : terms.automaticFrom))
    return { ok: false, reason: 'below-minimum' }

  const code = source === 'owner' ? `liab:owner:${accountId}` : `liab:user:${accountId}`
  const [place] = await db
    .select({ id: ledgerAccounts.id })
    .from(ledgerAccounts)
    .where(eq(ledgerAccounts.code, code))
  if (!place) return { ok: false, reason: 'insufficient-funds' }
  const row = { id, accountId, source: place.id, cause, destination, amount, fee, createdAt: nowMs }
  try {
    await db.batch([
      db
        .insert(guards)
        .select(
          sql`SELECT EXISTS (SELECT 1 FROM wallets WHERE account_id = ${accountId} AND ${destination} = ${walletInEffect(nowMs)})`,
        ),
      db.insert(payouts).values({ ...row, state: 'queued' }),
      db.insert(ledgerTransfers).values({
        id,
        kind: 'payout',
        debit: place.id,
        credit: LEDGER.payoutInflight,
        amount: nano(amount + fee),
        fee,
        at: nowMs,
      }),
      db.delete(guards),
    ])
  } catch (error) {
    const reason = reasonOf(error)
    if (reason) return { ok: false, reason }
    const committed = await findOrder(db, id, order)
    if (committed) return committed
    throw error
  }
  const [payout] = await db.select().from(payouts).where(eq(payouts.id, id))
  if (!payout) throw new Error('a payout vanished as it was ordered')
  return { ok: true, payout }
}

export type PayoutPage = { readonly payouts: readonly Payout[]; readonly next: string | undefined }

/** The most payouts of one page. */
const PAGE_MAX = 50

/** An account's payouts, newest first. `after` is the `next` of the page before. */
export async function listPayouts(
  db: Db,
  {
    accountId,
    limit,
    after,
  }: { readonly accountId: number; readonly limit: number; readonly after?: string },
): Promise<PayoutPage> {
  const size = Math.max(1, Math.min(limit, PAGE_MAX))
  const from = after === undefined ? undefined : parsePlace(after)
  const rows = await db
    .select()
    .from(payouts)
    .where(
      and(
        eq(payouts.accountId, accountId),
        from &&
          or(
            lt(payouts.createdAt, from.createdAt),
            and(eq(payouts.createdAt, from.createdAt), lt(payouts.id, from.id)),
          ),
      ),
    )
    .orderBy(desc(payouts.createdAt), desc(payouts.id))
    .limit(size + 1)
  const shown = rows.slice(0, size)
  const last = shown.at(-1)
  return { payouts: shown, next: rows.length > size && last ? `${last.createdAt}-${last.id}` : undefined }
}

/** The most automatic payouts that are ordered at a time. */
const AUTOMATIC_BATCH = 50

/**
 * Orders the automatic payouts that are due: all matured earnings of owners who have enough of them, a wallet in effect and
 * no automatic payout under way. Gives how many were ordered.
 */
export async function orderAutomaticPayouts(
  db: Db,
  nowMs: number,
  terms: PayoutTerms = PAYOUT_TERMS,
): Promise<number> {
  const due = await db.all<{ account: number; amount: number; destination: string; number: number }>(sql`
    SELECT wallets.account_id AS account, place.credits - place.debits - place.held AS amount,
      ${walletInEffect(nowMs)} AS destination,
      (SELECT COUNT(*) FROM payouts p WHERE p.account_id = wallets.account_id AND p.cause = 'automatic') AS number
    FROM wallets JOIN ledger_accounts place ON place.code = 'liab:owner:' || wallets.account_id
    WHERE place.credits - place.debits - place.held >= ${Number(terms.automaticFrom)}
      AND (wallets.next_from IS NULL OR wallets.next_from <= ${nowMs})
      AND NOT EXISTS (SELECT 1 FROM ledger_stops WHERE name = 'payouts-frozen')
      AND NOT EXISTS (SELECT 1 FROM payouts p WHERE p.account_id = wallets.account_id AND p.cause = 'automatic'
        AND p.state IN ('queued', 'planned'))
    ORDER BY wallets.account_id LIMIT ${AUTOMATIC_BATCH}
  `)
  let ordered = 0
  for (const { account, amount, destination, number } of due) {
    const order: PayoutOrder = {
      accountId: account,
      source: 'owner',
      amount: nano(BigInt(amount)),
      destination,
      cause: 'automatic',
      idempotency: String(number),
      nowMs,
    }
    const result = await orderPayout(db, order, terms)
    if (result.ok) ordered++
  }
  return ordered
}

/**
 * Gives up a payout that waits and that nobody signed: its coins and its fee go back where they came from. Nothing moves
 * when it is not waiting any more.
 */
export async function failPayout(
  db: Db,
  { payoutId, reason, nowMs }: { readonly payoutId: string; readonly reason: string; readonly nowMs: number },
): Promise<boolean> {
  const [payout] = await db.select().from(payouts).where(eq(payouts.id, payoutId))
  if (payout?.state !== 'queued') return false
  const back = (id: string, kind: 'payout-back' | 'refund', debit: number, amount: Nano) =>
    db
      .insert(ledgerTransfers)
      .values({ id, kind, debit, credit: payout.source, amount, fee: nano(0n), at: nowMs })
  try {
    await db.batch([
      db.insert(guards).select(sql`SELECT state = 'queued' FROM payouts WHERE id = ${payoutId}`),
      db.update(payouts).set({ state: 'failed', reason, endedAt: nowMs }).where(eq(payouts.id, payoutId)),
      back(`${payoutId}/back`, 'payout-back', LEDGER.payoutInflight, payout.amount),
      ...(payout.fee > 0n ? [back(`${payoutId}/fee-back`, 'refund', LEDGER.commission, payout.fee)] : []),
      db.delete(guards),
    ])
    return true
  } catch (error) {
    const [now] = await db.select({ state: payouts.state }).from(payouts).where(eq(payouts.id, payoutId))
    if (now?.state === 'failed') return true
    if (now?.state !== 'queued') return false
    throw error
  }
}

/** The address that counts at `nowMs`, as SQL over `wallets`. */
function walletInEffect(nowMs: number) {
  return sql`CASE WHEN wallets.next_from <= ${nowMs} THEN wallets.next_address ELSE wallets.address END`
}

async function findOrder(db: Db, id: string, order: PayoutOrder): Promise<OrderResult | undefined> {
  const [payout] = await db.select().from(payouts).where(eq(payouts.id, id))
  if (!payout) return undefined
  const [place] = await db
    .select({ code: ledgerAccounts.code })
    .from(ledgerAccounts)
    .where(eq(ledgerAccounts.id, payout.source))
  const isSame =
    payout.amount === order.amount &&
    payout.destination === order.destination &&
    place?.code === `liab:${order.source}:${order.accountId}`
  return isSame ? { ok: true, payout } : { ok: false, reason: 'idempotency-mismatch' }
}

/** The rule that a batch broke; undefined when the error says nothing about what happened. */
function reasonOf(error: unknown): OrderRefusal | undefined {
  const text = brokenRule(error)
  if (text.includes('insufficient-funds')) return 'insufficient-funds'
  if (text.includes('not-withdrawable')) return 'not-withdrawable'
  if (text.includes('payouts-frozen')) return 'payouts-frozen'
  if (text.includes('COALESCE(ok, 0)')) return 'wallet-not-proven'
  return undefined
}

function parsePlace(text: string): { readonly createdAt: number; readonly id: string } | undefined {
  const [createdAt, id] = text.split('-')
  return /^[0-9]{1,16}$/.test(createdAt ?? '') && id ? { createdAt: Number(createdAt), id } : undefined
}
