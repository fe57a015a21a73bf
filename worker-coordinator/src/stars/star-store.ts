import { and, desc, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm'
import type { Nano } from '../../../protocol/src/money.ts'
import { accounts } from '../accounts/accounts-schema.ts'
import { LEDGER, ledgerTransfers } from '../ledger/ledger-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { isRefundable, STAR_REFUND_MS, type StarPayment, successorOf } from './star-payment.ts'
import { starPayments } from './stars-schema.ts'

export type NewStarPayment = {
  readonly chargeId: string
  readonly accountId: number
  readonly stars: number
  readonly credit: Nano
  readonly nowMs: number
}

const LISTED_MAX = 5

/**
 * Credits a payment, once per charge id. Repeatable, also when a batch commits and its reply is lost. Gives the payment
 * as it stands: `refunded` when Telegram took it back before we heard of it.
 */
export async function creditStars(db: Db, payment: NewStarPayment): Promise<StarPayment> {
  const { chargeId, accountId, stars, credit, nowMs } = payment
  try {
    await db.batch([
      db
        .insert(starPayments)
        .values({ id: chargeId, accountId, stars, amount: credit, state: 'paid', at: nowMs }),
      db.insert(ledgerTransfers).select(creditTransfer(chargeId, nowMs)),
    ])
  } catch (error) {
    const known = await readStarPayment(db, chargeId)
    if (!known) throw error
    return known
  }
  return { id: chargeId, accountId, stars, credit, state: 'paid', atMs: nowMs }
}

export async function readStarPayment(db: Db, id: string): Promise<StarPayment | undefined> {
  const [row] = await db.select().from(starPayments).where(eq(starPayments.id, id))
  return row && toPayment(row)
}

/** Payments of an account that can still be had back by their age, the newest first. */
export async function listRefundable(
  db: Db,
  { accountId, nowMs }: { accountId: number; nowMs: number },
): Promise<readonly StarPayment[]> {
  const rows = await db
    .select()
    .from(starPayments)
    .where(
      and(
        eq(starPayments.accountId, accountId),
        eq(starPayments.state, 'paid'),
        gte(starPayments.at, nowMs - STAR_REFUND_MS),
      ),
    )
    .orderBy(desc(starPayments.at))
    .limit(LISTED_MAX)
  return rows.map(toPayment)
}

export type RefundTaken =
  | { readonly ok: true; readonly payment: StarPayment }
  | { readonly ok: false; readonly reason: 'unknown-payment' | 'too-old' | 'spent' | 'refused-before' }

/**
 * Takes the credit of a payment back, before Telegram is asked to return the Stars: so nobody spends it meanwhile.
 * Repeatable: one that was taken already is ok, and Telegram is asked again. `refused-before`: Telegram has refused it,
 * and the credit is back.
 */
export async function takeForRefund(
  db: Db,
  { paymentId, accountId, nowMs }: { paymentId: string; accountId: number; nowMs: number },
): Promise<RefundTaken> {
  const payment = await readStarPayment(db, paymentId)
  if (payment?.accountId !== accountId) return { ok: false, reason: 'unknown-payment' }
  if (payment.state === 'refunded') {
    const successor = await readStarPayment(db, successorOf(paymentId))
    return successor ? { ok: false, reason: 'refused-before' } : { ok: true, payment }
  }
  if (!isRefundable(payment, nowMs)) return { ok: false, reason: 'too-old' }
  try {
    await db.batch([
      db.insert(ledgerTransfers).select(
        sql`select ${backId(paymentId)}, 'stars-back', account_id, ${LEDGER.stars}, amount, 0, ${nowMs}
          from star_payments where id = ${paymentId} and state = 'paid'`,
      ),
      markRefunded(db, paymentId),
    ])
  } catch (error) {
    const now = await readStarPayment(db, paymentId)
    if (now?.state === 'refunded') return { ok: true, payment: now }
    if (String(messageOf(error)).includes('insufficient-funds')) return { ok: false, reason: 'spent' }
    throw error
  }
  return { ok: true, payment: { ...payment, state: 'refunded' } }
}

/**
 * Gives the credit back when Telegram has refused a refund for good: as a payment of its own (`successorOf`), as old as
 * the first. Repeatable.
 */
export async function undoRefund(
  db: Db,
  { paymentId, nowMs }: { paymentId: string; nowMs: number },
): Promise<void> {
  const successor = successorOf(paymentId)
  try {
    await db.batch([
      db.insert(starPayments).select(
        sql`select ${successor}, p.account_id, p.stars, p.amount, 'paid', p.at
          from star_payments p join ledger_transfers t on t.id = ${backId(paymentId)} and t.amount = p.amount
          where p.id = ${paymentId} and p.state = 'refunded'`,
      ),
      db.insert(ledgerTransfers).select(creditTransfer(successor, nowMs)),
    ])
  } catch (error) {
    if (!(await readStarPayment(db, successor))) throw error
  }
}

export type StarsTaken = {
  /** False when the payment had been taken back before: by our own refund, or by an earlier telling. */
  readonly isNew: boolean
  readonly taken: Nano | undefined
  /** What the account had spent already: the network bears it. */
  readonly missing: Nano | undefined
}

/**
 * Telegram itself gave Stars back: takes the credit as far as the account has it, the rest is the network's expense. A
 * payment that we have not heard of is written down as refunded, so that it is never credited. Repeatable.
 */
export async function takeBackStars(db: Db, payment: NewStarPayment): Promise<StarsTaken> {
  const { chargeId, nowMs } = payment
  const rows = await readCharge(db, chargeId)
  if (rows.length === 0) {
    await writeRefunded(db, payment)
    return takeBackStars(db, payment)
  }
  const open = rows.find(({ state }) => state === 'paid')
  if (!open) return { isNew: false, taken: undefined, missing: undefined }
  try {
    await db.batch([
      db.insert(ledgerTransfers).select(takenTransfer(open.id, nowMs)),
      db.insert(ledgerTransfers).select(lostTransfer(open.id, nowMs)),
      markRefunded(db, open.id),
    ])
  } catch (error) {
    const now = await readStarPayment(db, open.id)
    if (now?.state !== 'refunded') throw error
  }
  const transfers = await db
    .select({ id: ledgerTransfers.id, amount: ledgerTransfers.amount })
    .from(ledgerTransfers)
    .where(inArray(ledgerTransfers.id, [backId(open.id), lostId(open.id)]))
  const amountOf = (id: string) => transfers.find((transfer) => transfer.id === id)?.amount
  return { isNew: true, taken: amountOf(backId(open.id)), missing: amountOf(lostId(open.id)) }
}

/** The account of a Telegram user, without making one. */
export async function findPayer(db: Db, telegramId: number): Promise<number | undefined> {
  const [row] = await db.select({ id: accounts.id }).from(accounts).where(eq(accounts.telegramId, telegramId))
  return row?.id
}

async function readCharge(db: Db, chargeId: string): Promise<readonly StarPayment[]> {
  const rows = await db
    .select()
    .from(starPayments)
    .where(
      or(
        eq(starPayments.id, chargeId),
        // '#' is followed by '$': all successors, and by the primary key.
        and(gte(starPayments.id, `${chargeId}#`), lt(starPayments.id, `${chargeId}$`)),
      ),
    )
  return rows.map(toPayment)
}

async function writeRefunded(db: Db, payment: NewStarPayment): Promise<void> {
  const { chargeId, accountId, stars, credit, nowMs } = payment
  await db
    .insert(starPayments)
    .values({ id: chargeId, accountId, stars, amount: credit, state: 'refunded', at: nowMs })
    .onConflictDoNothing()
}

function creditTransfer(paymentId: string, nowMs: number): SQL {
  return sql`select ${`stars/${paymentId}`}, 'stars', ${LEDGER.stars}, account_id, amount, 0, ${nowMs}
    from star_payments where id = ${paymentId} and state = 'paid'`
}

/** As much of the credit as is neither spent nor held. */
function takenTransfer(paymentId: string, nowMs: number): SQL {
  return sql`select ${backId(paymentId)}, 'stars-back', p.account_id, ${LEDGER.stars},
      min(p.amount, ${available}), 0, ${nowMs}
    from star_payments p join ledger_accounts a on a.id = p.account_id
    where p.id = ${paymentId} and p.state = 'paid' and ${available} > 0`
}

function lostTransfer(paymentId: string, nowMs: number): SQL {
  const missing = sql`p.amount - coalesce((select t.amount from ledger_transfers t where t.id = ${backId(paymentId)}), 0)`
  return sql`select ${lostId(paymentId)}, 'grant', ${LEDGER.goodwill}, ${LEDGER.stars}, ${missing}, 0, ${nowMs}
    from star_payments p where p.id = ${paymentId} and p.state = 'paid' and ${missing} > 0`
}

/** As the ledger's trigger counts it. */
const available = sql`(a.credits - a.debits - a.held
  - coalesce((select sum(k.held) from api_keys k where k.account_id = a.id), 0))`

function markRefunded(db: Db, paymentId: string) {
  return db
    .update(starPayments)
    .set({ state: 'refunded' })
    .where(and(eq(starPayments.id, paymentId), eq(starPayments.state, 'paid')))
}

function backId(paymentId: string): string {
  return `stars-back/${paymentId}`
}

function lostId(paymentId: string): string {
  return `stars-lost/${paymentId}`
}

function toPayment(row: typeof starPayments.$inferSelect): StarPayment {
  const { id, accountId, stars, amount, state, at } = row
  return { id, accountId, stars, credit: amount, state, atMs: at }
}

/** A database's own words may stand in an error's cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause === undefined ? error.message : `${error.message} ${messageOf(error.cause)}`
}
