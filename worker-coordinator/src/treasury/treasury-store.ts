import { and, asc, eq, sql } from 'drizzle-orm'
import { type Nano, nano } from '../../../protocol/src/money.ts'
import { receiptsComment } from '../../../protocol/src/receipts/receipts-comment.ts'
import { reserveComment } from '../../../protocol/src/reserves/reserve-comment.ts'
import { accounts } from '../accounts/accounts-schema.ts'
import { deposits as depositTable } from '../deposits/deposits-schema.ts'
import { escrows } from '../escrow/escrows-schema.ts'
import { LEDGER } from '../ledger/ledger.ts'
import { guards, ledgerTransfers } from '../ledger/ledger-schema.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { payoutBatches, payouts, payoutVariants } from '../payouts/payouts-schema.ts'
import { findUnpublishedReceipts, markReceiptsPublished } from '../receipts/receipt-store.ts'
import { findUnpublishedRoot, markPublished } from '../reserves/reserve-store.ts'
import { PAYOUTS_MAX, type PayoutItem, type SignedVariant } from '../ton/payout-wallet.ts'
import type { HaltReason, ScanPlan } from './plan-scan.ts'
import { hotWallet } from './treasury-schema.ts'

const DAY_MS = 86_400_000

export type HotWallet = typeof hotWallet.$inferSelect & {
  /** `asset:hot` in the ledger. */
  readonly booked: Nano
  /** Nothing leaves while an audit or a person has frozen payouts. */
  readonly frozen: boolean
}

export type OpenBatch = {
  readonly seqno: number
  /** Oldest first. */
  readonly variants: readonly {
    readonly bodyHash: string
    readonly boc: string
    readonly payoutIds: readonly string[]
    readonly validUntilS: number
    readonly createdAt: number
  }[]
  /** Every payout that a variant carries, oldest first. */
  readonly planned: readonly PayoutItem[]
}

export type TreasuryStore = ReturnType<typeof createTreasuryStore>

/**
 * The treasury's part of the database. What writes money asks, in the same batch, whether the epoch is still the writer's
 * and the wallet runs: an instance that was replaced changes nothing.
 */
export function createTreasuryStore(db: Db) {
  return {
    takeOver: (input: { address: string; nowMs: number }) => takeOver(db, input),
    readHotWallet: () => readHotWallet(db),
    readOpenBatch: () => readOpenBatch(db),
    listQueued: () => listQueued(db),
    findNote: (nowMs: number) => findNote(db, nowMs),
    findOwners: (named: Parameters<typeof findOwners>[1]) => findOwners(db, named),
    applyScan: (epoch: number, plan: ScanPlan, nowMs: number) => applyScan(db, epoch, plan, nowMs),
    noteScan: (epoch: number, nowMs: number) => noteScan(db, epoch, nowMs),
    openBatch: (epoch: number, batch: NewVariant) => openBatch(db, epoch, batch),
    addVariant: (epoch: number, batch: NewVariant) => addVariant(db, epoch, batch),
    closeBatch: (epoch: number, seqno: number) => closeBatch(db, epoch, seqno),
    halt: (epoch: number, reason: HaltReason) => halt(db, epoch, reason),
  }
}

/** Makes this instance the writer. Another address than the one before means another seed: nothing is touched. */
async function takeOver(
  db: Db,
  { address, nowMs }: { readonly address: string; readonly nowMs: number },
): Promise<
  { readonly ok: true; readonly epoch: number } | { readonly ok: false; readonly reason: 'other-address' }
> {
  await db
    .insert(hotWallet)
    .values({
      id: 1,
      address,
      epoch: 0,
      lastLt: '',
      lastHash: '',
      balance: nano(0n),
      seqno: 0,
      state: 'running',
      scannedAt: nowMs,
    })
    .onConflictDoNothing()
  const [row] = await db
    .update(hotWallet)
    .set({ epoch: sql`${hotWallet.epoch} + 1` })
    .where(and(eq(hotWallet.id, 1), eq(hotWallet.address, address)))
    .returning({ epoch: hotWallet.epoch })
  return row ? { ok: true, epoch: row.epoch } : { ok: false, reason: 'other-address' }
}

async function readHotWallet(db: Db): Promise<HotWallet | undefined> {
  const [row] = await db
    .select({
      wallet: hotWallet,
      booked: sql`(SELECT debits - credits FROM ledger_accounts WHERE id = ${LEDGER.hot})`.mapWith(
        hotWallet.balance,
      ),
      frozen: sql<number>`EXISTS (SELECT 1 FROM ledger_stops WHERE name = 'payouts-frozen')`,
    })
    .from(hotWallet)
    .where(eq(hotWallet.id, 1))
  return row && { ...row.wallet, booked: row.booked, frozen: row.frozen === 1 }
}

async function readOpenBatch(db: Db): Promise<OpenBatch | undefined> {
  const [batch] = await db.select().from(payoutBatches).where(eq(payoutBatches.state, 'open'))
  if (!batch) return undefined
  const [variants, planned] = await Promise.all([
    db
      .select()
      .from(payoutVariants)
      .where(eq(payoutVariants.seqno, batch.seqno))
      .orderBy(asc(payoutVariants.createdAt), asc(payoutVariants.validUntilS)),
    db
      .select({ id: payouts.id, destination: payouts.destination, amount: payouts.amount })
      .from(payouts)
      .where(and(eq(payouts.state, 'planned'), eq(payouts.seqno, batch.seqno)))
      .orderBy(asc(payouts.createdAt), asc(payouts.id)),
  ])
  return {
    seqno: batch.seqno,
    variants: variants.map((variant) => ({
      ...variant,
      payoutIds: JSON.parse(variant.payoutIds) as readonly string[],
    })),
    planned,
  }
}

/** The payouts that wait longest, at most one message full. */
function listQueued(db: Db): Promise<readonly PayoutItem[]> {
  return db
    .select({ id: payouts.id, destination: payouts.destination, amount: payouts.amount })
    .from(payouts)
    .where(eq(payouts.state, 'queued'))
    .orderBy(asc(payouts.createdAt), asc(payouts.id))
    .limit(PAYOUTS_MAX)
}

/**
 * What the wallet should write to itself: the root of a proof of reserves that the chain does not show yet, or else one of
 * a day's receipts.
 */
async function findNote(db: Db, nowMs: number): Promise<string | undefined> {
  const today = Math.floor(nowMs / DAY_MS)
  const root = await findUnpublishedRoot(db, today)
  if (root) return reserveComment(root)
  const receipts = await findUnpublishedReceipts(db, today)
  return receipts && receiptsComment(receipts)
}

/** Which of these accounts exist, and whose the addresses are. A deleted account takes no more deposits. */
async function findOwners(
  db: Db,
  named: {
    readonly accountIds: readonly number[]
    readonly senders: readonly string[]
    readonly nowMs: number
  },
): Promise<{
  readonly accounts: ReadonlySet<number>
  readonly senders: ReadonlyMap<string, number>
  readonly escrows: ReadonlyMap<string, number>
}> {
  const among = (values: readonly (string | number)[]) =>
    sql`(SELECT value FROM json_each(${JSON.stringify(values)}))`
  const [known, proven, contracts] = await Promise.all([
    named.accountIds.length === 0
      ? []
      : db
          .select({ id: accounts.id })
          .from(accounts)
          .where(sql`${accounts.telegramId} IS NOT NULL AND ${accounts.id} IN ${among(named.accountIds)}`),
    db.all<{ address: string; accountId: number }>(sql`
      SELECT address, accountId FROM (
        SELECT account_id AS accountId,
          CASE WHEN next_from <= ${named.nowMs} THEN next_address ELSE address END AS address
        FROM wallets
        WHERE address IN ${among(named.senders)} OR next_address IN ${among(named.senders)})
      WHERE address IN ${among(named.senders)}`),
    db
      .select({ address: escrows.address, accountId: escrows.accountId })
      .from(escrows)
      .where(sql`${escrows.address} IN ${among(named.senders)}`),
  ])
  return {
    accounts: new Set(known.map(({ id }) => id)),
    senders: new Map(proven.map(({ address, accountId }) => [address, accountId])),
    escrows: new Map(contracts.map(({ address, accountId }) => [address, accountId])),
  }
}

/** Writes what was read from the chain: the ledger, the deposits, the payouts' ends and the new place, in one batch. */
async function applyScan(db: Db, epoch: number, plan: ScanPlan, nowMs: number): Promise<void> {
  const { from, to, movements, deposits, paid, published, closed, halt: reason } = plan
  const transfers = movements.map(({ amount, ...movement }) => ({ ...movement, amount: Number(amount) }))
  const seen = deposits.map(({ amount, ...deposit }) => ({ ...deposit, amount: Number(amount) }))
  const paidJson = JSON.stringify(paid)
  await db.batch([
    fence(db, epoch),
    guard(
      db,
      sql`(SELECT last_lt = ${from.lastLt} AND last_hash = ${from.lastHash} AND seqno = ${from.seqno}
      FROM hot_wallet WHERE id = 1)`,
    ),
    db.insert(ledgerTransfers).select(sql`
      SELECT value->>'id', value->>'kind', value->>'debit', value->>'credit', value->>'amount', 0, ${nowMs}
      FROM json_each(${JSON.stringify(transfers)})`),
    db.insert(depositTable).select(sql`
      SELECT value->>'id', value->>'sender', value->>'amount', value->>'accountId', value->>'via',
        value->>'comment', value->>'state', value->>'atMs'
      FROM json_each(${JSON.stringify(seen)})`),
    db
      .update(payouts)
      .set({
        state: 'paid',
        endedAt: nowMs,
        transactionId: sql`(SELECT value->>'transactionId' FROM json_each(${paidJson})
          WHERE value->>'payoutId' = ${payouts.id})`,
      })
      .where(sql`${payouts.id} IN (SELECT value->>'payoutId' FROM json_each(${paidJson}))`),
    ...published.map(({ of, day, root, transactionId }) => {
      const mark = of === 'receipts' ? markReceiptsPublished : markPublished
      return mark(db, { day: Date.parse(day) / DAY_MS, root, transactionId })
    }),
    ...(closed === undefined ? [] : requeue(db, closed)),
    db
      .update(hotWallet)
      .set({
        lastLt: to.lastLt,
        lastHash: to.lastHash,
        balance: to.balance,
        seqno: to.seqno,
        scannedAt: nowMs,
        ...(reason ? { state: 'halted' as const, reason } : {}),
      })
      .where(eq(hotWallet.id, 1)),
    guard(
      db,
      sql`(SELECT debits - credits = ${Number(to.balance)} FROM ledger_accounts WHERE id = ${LEDGER.hot})`,
    ),
    endGuards(db),
  ])
}

/** Notes that the chain was read and held nothing new. */
async function noteScan(db: Db, epoch: number, nowMs: number): Promise<void> {
  await db
    .update(hotWallet)
    .set({ scannedAt: nowMs })
    .where(and(eq(hotWallet.id, 1), eq(hotWallet.epoch, epoch), eq(hotWallet.state, 'running')))
}

export type NewVariant = {
  readonly seqno: number
  readonly variant: SignedVariant
  readonly items: readonly PayoutItem[]
  readonly nowMs: number
}

/** Opens the next number's batch with its first signed message. It is stored before anybody sends it. */
async function openBatch(db: Db, epoch: number, batch: NewVariant): Promise<void> {
  const { seqno, nowMs } = batch
  await db.batch([
    fence(db, epoch),
    guard(db, sql`(SELECT seqno = ${seqno} FROM hot_wallet WHERE id = 1)`),
    notFrozen(db),
    db.insert(payoutBatches).values({ seqno, state: 'open', createdAt: nowMs }),
    ...storeVariant(db, batch),
    endGuards(db),
  ])
}

/** Adds another signed message to the open batch. All of them are kept: any one may be the one that runs. */
async function addVariant(db: Db, epoch: number, batch: NewVariant): Promise<void> {
  const { seqno } = batch
  await db.batch([
    fence(db, epoch),
    guard(
      db,
      sql`(SELECT seqno = ${seqno} FROM hot_wallet WHERE id = 1)
      AND EXISTS (SELECT 1 FROM payout_batches WHERE seqno = ${seqno} AND state = 'open')`,
    ),
    notFrozen(db),
    ...storeVariant(db, batch),
    endGuards(db),
  ])
}

function storeVariant(db: Db, { seqno, variant, items, nowMs }: NewVariant) {
  const ids = JSON.stringify(items.map(({ id }) => id))
  const chosen = sql`id IN (SELECT value FROM json_each(${ids}))`
  return [
    db.insert(payoutVariants).values({
      bodyHash: variant.bodyHash,
      seqno,
      boc: variant.boc,
      payoutIds: ids,
      validUntilS: variant.validUntilS,
      createdAt: nowMs,
    }),
    db.update(payouts).set({ state: 'planned', seqno }).where(sql`${payouts.state} = 'queued' AND ${chosen}`),
    guard(
      db,
      sql`(SELECT COUNT(*) = ${items.length} FROM payouts WHERE ${chosen} AND state = 'planned' AND seqno = ${seqno})`,
    ),
  ]
}

/** Ends a number that was signed once and can never run any more: its payouts wait again, the number is used up. */
async function closeBatch(db: Db, epoch: number, seqno: number): Promise<void> {
  await db.batch([
    fence(db, epoch),
    guard(db, sql`(SELECT seqno = ${seqno} FROM hot_wallet WHERE id = 1)`),
    ...requeue(db, seqno),
    db
      .update(hotWallet)
      .set({ seqno: seqno + 1 })
      .where(eq(hotWallet.id, 1)),
    endGuards(db),
  ])
}

/** What a batch did not pay waits again, and the batch is done. */
function requeue(db: Db, seqno: number) {
  return [
    db
      .update(payouts)
      .set({ state: 'queued', seqno: null })
      .where(and(eq(payouts.state, 'planned'), eq(payouts.seqno, seqno))),
    db.update(payoutBatches).set({ state: 'done' }).where(eq(payoutBatches.seqno, seqno)),
  ]
}

async function halt(db: Db, epoch: number, reason: HaltReason): Promise<void> {
  await db.batch([
    fence(db, epoch),
    db.update(hotWallet).set({ state: 'halted', reason }).where(eq(hotWallet.id, 1)),
    endGuards(db),
  ])
}

/** The first statement of a batch that writes money: it goes on only under the wallet's present epoch, and while it runs. */
function fence(db: Db, epoch: number) {
  return guard(db, sql`(SELECT epoch = ${epoch} AND state = 'running' FROM hot_wallet WHERE id = 1)`)
}

function notFrozen(db: Db) {
  return guard(db, sql`NOT EXISTS (SELECT 1 FROM ledger_stops WHERE name = 'payouts-frozen')`)
}

/** A batch goes on only when the condition holds: `guards` takes no other row than 1. */
function guard(db: Db, condition: ReturnType<typeof sql>) {
  return db.insert(guards).select(sql`SELECT COALESCE(${condition}, 0)`)
}

function endGuards(db: Db) {
  return db.delete(guards)
}
