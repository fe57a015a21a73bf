import { env } from 'cloudflare:workers'
import { eq, like, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { afterEach, expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { ACCOUNT_ID_BYTES, makeAccountId } from '../accounts/account-id.ts'
import { findOrCreateAccount, readBalance } from '../accounts/account-store.ts'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { ledgerAccounts, ledgerTransfers } from '../ledger/ledger-schema.ts'
import { readLedgerAudit } from '../ledger/ledger-store.ts'
import { STAR_REFUND_MS } from './star-payment.ts'
import {
  creditStars,
  findPayer,
  listRefundable,
  readStarPayment,
  takeBackStars,
  takeForRefund,
  undoRefund,
} from './star-store.ts'
import { starPayments } from './stars-schema.ts'

const db = drizzle(env.DB)
const lossy = drizzle(lostReplyD1(env.DB))
const NOW_MS = Date.UTC(2026, 10, 22, 12)
const WELCOME = nano(50n)
const CREDIT = nano(250n)
const newId = () => makeAccountId(crypto.getRandomValues(new Uint8Array(ACCOUNT_ID_BYTES)))

let people = 5000

async function setupPerson() {
  people += 1
  const { id } = await findOrCreateAccount(db, {
    telegramId: people,
    nowMs: NOW_MS,
    welcome: WELCOME,
    newId,
  })
  const chargeId = `stx${people}`
  return {
    id,
    telegramId: people,
    chargeId,
    payment: { chargeId, accountId: id, stars: 50, credit: CREDIT, nowMs: NOW_MS },
    refund: { paymentId: chargeId, accountId: id, nowMs: NOW_MS },
    available: async () => (await readBalance(db, id))?.available,
  }
}

/** Lets an account spend on a chat. */
async function spend(accountId: number, amount: number): Promise<void> {
  const id = `job_${crypto.randomUUID().replaceAll('-', '').slice(0, 25)}`
  await env.DB.batch([
    env.DB.prepare(
      `insert into jobs (id, account_id, kind, model, shard, tier, state, price_input, price_output, hold, charge,
        prompt_tokens, completion_tokens, created_at)
        values (?, ?, 'chat', 'm', 0, 'open', 'running', 0, 0, ?, 0, 0, 0, ?)`,
    ).bind(id, accountId, amount, NOW_MS),
    env.DB.prepare("update jobs set state = 'done', charge = ?, ended_at = ? where id = ?").bind(
      amount,
      NOW_MS,
      id,
    ),
    env.DB.prepare("insert into ledger_transfers values (?, 'usage', ?, 1, ?, 0, ?)").bind(
      `${id}/earn/0`,
      accountId,
      amount,
      NOW_MS,
    ),
  ])
}

async function starsHeld(): Promise<bigint> {
  const [row] = await db.select().from(ledgerAccounts).where(eq(ledgerAccounts.code, 'asset:stars'))
  return row ? row.debits - row.credits : -1n
}

/** What is true after every step: the books balance, and Stars in the books are the payments that stand. */
afterEach(async () => {
  const { debits, credits, overdrawn, clearing } = await readLedgerAudit(db)
  expect([debits - credits, clearing, overdrawn]).toEqual([0n, 0n, 0])
  const [open] = await db
    .select({ sum: sql<number>`coalesce(sum(amount), 0)` })
    .from(starPayments)
    .where(eq(starPayments.state, 'paid'))
  expect(await starsHeld()).toBe(BigInt(open?.sum ?? -1))
})

test('a payment is credited once, however often it is told', async () => {
  const { payment, available } = await setupPerson()
  const told = await Promise.all(Array.from({ length: 10 }, () => creditStars(db, payment)))
  expect(new Set(told.map(({ state, credit }) => `${state} ${credit}`))).toEqual(new Set(['paid 250']))
  expect(await available()).toBe(300n)
  const rows = await db
    .select()
    .from(ledgerTransfers)
    .where(eq(ledgerTransfers.id, `stars/${payment.chargeId}`))
  expect(rows).toMatchObject([{ kind: 'stars', debit: 11, credit: payment.accountId, amount: 250n, fee: 0n }])
})

test('a payment whose reply was lost is there, and stays one', async () => {
  const { payment, available } = await setupPerson()
  expect(await creditStars(lossy, payment)).toMatchObject({ state: 'paid', credit: 250n })
  await creditStars(db, payment)
  expect(await available()).toBe(300n)
})

test('a payment for an account that is not there credits nobody and is not written down', async () => {
  const { payment } = await setupPerson()
  await expect(creditStars(db, { ...payment, chargeId: 'stxNobody', accountId: 2 ** 40 })).rejects.toThrow()
  expect(await readStarPayment(db, 'stxNobody')).toBeUndefined()
})

test('Stars can never be paid out', async () => {
  const { payment, id } = await setupPerson()
  await creditStars(db, payment)
  const out = env.DB.prepare("insert into ledger_transfers values (?, 'payout', ?, 6, 1, 0, ?)")
  await expect(out.bind(`po_${id}`, id, NOW_MS).run()).rejects.toThrow('not-withdrawable')
})

test('a refund takes the credit once, however often it is asked for', async () => {
  const { payment, refund, available } = await setupPerson()
  await creditStars(db, payment)
  const asked = await Promise.all(Array.from({ length: 8 }, () => takeForRefund(db, refund)))
  expect(asked.every(({ ok }) => ok)).toBe(true)
  expect(await takeForRefund(lossy, refund)).toMatchObject({ ok: true, payment: { state: 'refunded' } })
  expect(await available()).toBe(50n)
})

test('a refund whose reply was lost is taken, once', async () => {
  const { payment, refund, available } = await setupPerson()
  await creditStars(db, payment)
  expect(await takeForRefund(lossy, refund)).toMatchObject({ ok: true })
  expect(await available()).toBe(50n)
})

test('what has been spent is not given back', async () => {
  const { payment, refund, available, id } = await setupPerson()
  await creditStars(db, payment)
  await spend(id, 51)
  expect(await takeForRefund(db, refund)).toEqual({ ok: false, reason: 'spent' })
  expect(await available()).toBe(249n)
  expect(await readStarPayment(db, payment.chargeId)).toMatchObject({ state: 'paid' })
})

test('what is too old, unknown or another’s is not given back', async () => {
  const { payment, refund, available, id } = await setupPerson()
  await creditStars(db, payment)
  const late = NOW_MS + STAR_REFUND_MS + 1
  expect(await takeForRefund(db, { ...refund, nowMs: late })).toEqual({ ok: false, reason: 'too-old' })
  expect(await listRefundable(db, { accountId: id, nowMs: late })).toEqual([])
  const unknown = { ok: false, reason: 'unknown-payment' }
  expect(await takeForRefund(db, { ...refund, accountId: id + 1 })).toEqual(unknown)
  expect(await takeForRefund(db, { ...refund, paymentId: 'stxNone' })).toEqual(unknown)
  expect(await available()).toBe(300n)
  expect(await listRefundable(db, { accountId: id, nowMs: late - 1 })).toHaveLength(1)
})

test('a refund that Telegram refused gives the credit back, once, and can be asked for again', async () => {
  const { payment, refund, available, id, chargeId } = await setupPerson()
  await creditStars(db, payment)
  await takeForRefund(db, refund)
  const undo = { paymentId: chargeId, nowMs: NOW_MS + 1 }
  await Promise.all(Array.from({ length: 5 }, () => undoRefund(db, undo)))
  await undoRefund(lossy, undo)
  expect(await available()).toBe(300n)
  expect(await takeForRefund(db, refund)).toEqual({ ok: false, reason: 'refused-before' })
  const [again] = await listRefundable(db, { accountId: id, nowMs: NOW_MS + 5 })
  expect(again).toMatchObject({ id: `${chargeId}#2`, stars: 50, credit: 250n, atMs: NOW_MS })
  expect(await takeForRefund(db, { ...refund, paymentId: `${chargeId}#2` })).toMatchObject({ ok: true })
  expect(await available()).toBe(50n)
})

test('nothing is given back for a refund that was never taken', async () => {
  const { payment, available, chargeId } = await setupPerson()
  await creditStars(db, payment)
  await undoRefund(db, { paymentId: chargeId, nowMs: NOW_MS })
  expect(await available()).toBe(300n)
  expect(await readStarPayment(db, `${chargeId}#2`)).toBeUndefined()
})

test('Stars that Telegram gave back are taken once, and the rest is the network’s expense', async () => {
  const { payment, available, id, chargeId } = await setupPerson()
  await creditStars(db, payment)
  await spend(id, 100)
  expect(await takeBackStars(db, payment)).toEqual({ isNew: true, taken: 200n, missing: 50n })
  expect(await takeBackStars(db, payment)).toEqual({ isNew: false, taken: undefined, missing: undefined })
  expect(await available()).toBe(0n)
  const lost = await db
    .select()
    .from(ledgerTransfers)
    .where(like(ledgerTransfers.id, `stars-lost/${chargeId}`))
  expect(lost).toMatchObject([{ debit: 3, credit: 11, amount: 50n }])
})

test('with nothing left, all of it is the network’s expense', async () => {
  const { payment, id } = await setupPerson()
  await creditStars(db, payment)
  await spend(id, 300)
  expect(await takeBackStars(lossy, payment)).toEqual({ isNew: true, taken: undefined, missing: 250n })
})

test('our own refund is not taken a second time when Telegram tells of it', async () => {
  const { payment, refund, available } = await setupPerson()
  await creditStars(db, payment)
  await takeForRefund(db, refund)
  expect(await takeBackStars(db, payment)).toMatchObject({ isNew: false })
  expect(await available()).toBe(50n)
})

test('a refund that is heard of before its payment leaves nothing to credit', async () => {
  const { payment, available } = await setupPerson()
  expect(await takeBackStars(db, payment)).toMatchObject({ isNew: false })
  expect(await creditStars(db, payment)).toMatchObject({ state: 'refunded' })
  expect(await available()).toBe(50n)
})

test('after a refused refund, Telegram’s own is taken from the payment that stands', async () => {
  const { payment, refund, available, chargeId } = await setupPerson()
  await creditStars(db, payment)
  await takeForRefund(db, refund)
  await undoRefund(db, { paymentId: chargeId, nowMs: NOW_MS })
  expect(await takeBackStars(db, payment)).toMatchObject({ isNew: true, taken: 250n })
  expect(await available()).toBe(50n)
})

test('charge ids that begin alike are not mixed up', async () => {
  const { payment, available } = await setupPerson()
  await creditStars(db, { ...payment, chargeId: 'stxAB' })
  expect(await takeBackStars(db, { ...payment, chargeId: 'stxA' })).toMatchObject({ isNew: false })
  expect(await available()).toBe(300n)
})

test('racing refunds of ours and of Telegram take the credit once', async () => {
  const { payment, refund, available } = await setupPerson()
  await creditStars(db, payment)
  await Promise.all([
    takeBackStars(db, payment),
    takeForRefund(db, refund),
    takeBackStars(db, payment),
    takeForRefund(db, refund),
  ])
  expect(await available()).toBe(50n)
})

test('a payer is found by the Telegram account, and none is made', async () => {
  const { id, telegramId } = await setupPerson()
  expect(await findPayer(db, telegramId)).toBe(id)
  expect(await findPayer(db, 999_999)).toBeUndefined()
})
