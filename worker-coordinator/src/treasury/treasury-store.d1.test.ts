import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { listNews } from './news-store.ts'
import type { ScanPlan } from './plan-scan.ts'
import { createTreasuryFixture, OPERATOR, TON } from './treasury-fixture.ts'
import { readTreasuryStatus, resumeTreasury } from './treasury-status-store.ts'
import { createTreasuryStore } from './treasury-store.ts'

const world = createTreasuryFixture(env.DB, 51)
const db = drizzle(env.DB)
const store = createTreasuryStore(db)
const HASH = 'e'.repeat(64)

/** A plan that reads one transaction of 5 TON from where the wallet stands. */
async function planOf(change: Partial<ScanPlan> = {}): Promise<ScanPlan> {
  const row = await store.readHotWallet()
  if (!row) throw new Error('no wallet')
  const { lastLt, lastHash, balance, seqno } = row
  const lt = String(Number(lastLt || '0') + 10)
  return {
    from: { lastLt, lastHash, balance, seqno },
    to: { lastLt: lt, lastHash: HASH, balance: nano(balance + 5n * TON), seqno },
    transactions: 1,
    movements: [{ id: `${lt}:${HASH}/float`, kind: 'float', debit: 4, credit: 8, amount: nano(5n * TON) }],
    deposits: [],
    paid: [],
    published: [],
    closed: undefined,
    halt: undefined,
    gap: false,
    ...change,
  }
}
const variant = (letter: string) => ({ boc: letter, bodyHash: letter.repeat(64), validUntilS: 9 })
const countOf = async (table: string) =>
  (await world.run(`SELECT COUNT(*) AS n FROM ${table}`).first<{ n: number }>())?.n ?? -1

async function takeOver(): Promise<number> {
  const taken = await store.takeOver({ address: world.wallet.address, nowMs: 1 })
  if (!taken.ok) throw new Error(taken.reason)
  return taken.epoch
}

test('each instance gets a higher epoch, also when many start at once', async () => {
  expect(await readTreasuryStatus(db)).toBeUndefined()
  const epochs = await Promise.all(Array.from({ length: 8 }, takeOver))
  expect(epochs.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  expect(await store.takeOver({ address: OPERATOR, nowMs: 1 })).toEqual({
    ok: false,
    reason: 'other-address',
  })
})

test('a reading is written once, and only by the present epoch', async () => {
  const epoch = await takeOver()
  const plan = await planOf()
  await expect(store.applyScan(epoch - 1, plan, 7)).rejects.toThrow()
  expect(await world.balanceOf('asset:hot')).toBe(0n)
  await store.applyScan(epoch, plan, 7)
  await expect(store.applyScan(epoch, plan, 7)).rejects.toThrow()
  expect(await world.balanceOf('asset:hot')).toBe(5n * TON)
  expect(await store.readHotWallet()).toMatchObject({
    lastLt: '10',
    lastHash: HASH,
    balance: 5n * TON,
    scannedAt: 7,
  })
  await world.audit()
})

test('a reading that would leave the ledger and the chain apart leaves everything as it was', async () => {
  const epoch = await takeOver()
  const before = await countOf('ledger_transfers')
  const plan = await planOf()
  const off = { ...plan, to: { ...plan.to, balance: nano(plan.to.balance + 1n) } }
  await expect(store.applyScan(epoch, off, 7)).rejects.toThrow()
  expect(await countOf('ledger_transfers')).toBe(before)
  expect(await countOf('guards')).toBe(0)
  await world.audit()
})

test('one batch is open at a time, and holds only payouts that wait', async () => {
  const epoch = await takeOver()
  const owner = await world.setupPerson(50n * TON)
  const ids: string[] = []
  for (let i = 0; i < 3; i++) {
    const made = await world.order(owner, TON)
    if (made.ok) ids.push(made.payout.id)
  }
  const [a, b, c] = ids.map((id) => ({ id, destination: owner.wallet, amount: TON }))
  if (!a || !b || !c) throw new Error('no payouts')
  await expect(
    store.openBatch(epoch, { seqno: 1, variant: variant('a'), items: [a], nowMs: 1 }),
  ).rejects.toThrow()
  await expect(
    store.openBatch(epoch - 1, { seqno: 0, variant: variant('a'), items: [a], nowMs: 1 }),
  ).rejects.toThrow()
  const ghost = { ...a, id: 'po_ghost' }
  await expect(
    store.openBatch(epoch, { seqno: 0, variant: variant('a'), items: [ghost], nowMs: 1 }),
  ).rejects.toThrow()
  expect(await countOf('payout_variants')).toBe(0)
  await store.openBatch(epoch, { seqno: 0, variant: variant('a'), items: [a, b], nowMs: 1 })
  await expect(
    store.openBatch(epoch, { seqno: 0, variant: variant('b'), items: [c], nowMs: 1 }),
  ).rejects.toThrow()
  await store.addVariant(epoch, { seqno: 0, variant: variant('c'), items: [b, c], nowMs: 2 })
  const open = await store.readOpenBatch()
  expect(open?.variants.map(({ boc, payoutIds }) => [boc, payoutIds])).toEqual([
    ['a', [a.id, b.id]],
    ['c', [b.id, c.id]],
  ])
  expect(open?.planned.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
  expect(await store.listQueued()).toEqual([])
})

test('what a batch did not pay waits again; what it paid never changes', async () => {
  const epoch = await takeOver()
  const open = await store.readOpenBatch()
  const [first] = open?.planned ?? []
  if (!open || !first) throw new Error('no batch')
  const plan = await planOf({ paid: [{ payoutId: first.id, transactionId: '20:aa' }], closed: open.seqno })
  const sent = {
    id: `${first.id}/sent`,
    kind: 'payout-sent',
    debit: 6,
    credit: 4,
    amount: nano(first.amount),
  } as const
  const to = { ...plan.to, balance: nano(plan.to.balance - first.amount), seqno: 1 }
  await store.applyScan(epoch, { ...plan, to, movements: [...plan.movements, sent] }, 9)
  expect(await store.readOpenBatch()).toBeUndefined()
  expect((await store.listQueued()).map(({ id }) => id)).not.toContain(first.id)
  expect(await store.listQueued()).toHaveLength(2)
  await expect(
    world
      .run(
        "UPDATE payouts SET state = 'queued', ended_at = NULL, transaction_id = NULL WHERE id = ?",
        first.id,
      )
      .run(),
  ).rejects.toThrow('payout-fixed')
  await expect(world.run('DELETE FROM payout_variants').run()).rejects.toThrow('variant-fixed')
  expect(await listNews(db, 9)).toMatchObject([{ kind: 'payout-sent', amount: TON, transactionId: '20:aa' }])
  expect(await listNews(db, 10)).toEqual([])
})

test('a number that expired is used up, and its payouts wait again', async () => {
  const epoch = await takeOver()
  const [item] = await store.listQueued()
  if (!item) throw new Error('nothing waits')
  await store.openBatch(epoch, { seqno: 1, variant: variant('d'), items: [item], nowMs: 1 })
  await expect(store.closeBatch(epoch - 1, 1)).rejects.toThrow()
  await store.closeBatch(epoch, 1)
  await expect(store.closeBatch(epoch, 1)).rejects.toThrow()
  expect(await store.readHotWallet()).toMatchObject({ seqno: 2 })
  expect((await store.listQueued()).map(({ id }) => id)).toContain(item.id)
})

test('frozen payouts are not signed', async () => {
  const epoch = await takeOver()
  const [item] = await store.listQueued()
  if (!item) throw new Error('nothing waits')
  await world.run("INSERT INTO ledger_stops VALUES ('payouts-frozen', 'audit', 0)").run()
  await expect(
    store.openBatch(epoch, { seqno: 2, variant: variant('f'), items: [item], nowMs: 1 }),
  ).rejects.toThrow()
  await world.run('DELETE FROM ledger_stops').run()
})

test('a wallet that halted writes nothing until a person lets it go on', async () => {
  const epoch = await takeOver()
  await store.halt(epoch, 'chain-gap')
  await expect(store.applyScan(epoch, await planOf(), 7)).rejects.toThrow()
  await expect(store.halt(epoch, 'balance-mismatch')).rejects.toThrow()
  expect(await readTreasuryStatus(db)).toMatchObject({ state: 'halted', reason: 'chain-gap' })
  expect(await resumeTreasury(db)).toBe(true)
  await store.applyScan(epoch, await planOf(), 7)
  await world.audit()
})

test('254 payouts are planned and paid in a few statements', async () => {
  const epoch = await takeOver()
  const owner = await world.setupPerson(50n * TON)
  for (let i = 0; i < 252; i++) await world.order(owner, 20_000_000n)
  const items = await store.listQueued()
  expect(items).toHaveLength(254)
  await store.openBatch(epoch, { seqno: 2, variant: variant('9'), items, nowMs: 1 })
  const plan = await planOf({
    closed: 2,
    paid: items.map(({ id }) => ({ payoutId: id, transactionId: '60:bb' })),
  })
  const sent = items.map(({ id, amount }) => ({
    id: `${id}/sent`,
    kind: 'payout-sent' as const,
    debit: 6,
    credit: 4,
    amount: nano(amount),
  }))
  const total = items.reduce((sum, { amount }) => sum + amount, 0n)
  const to = { ...plan.to, balance: nano(plan.to.balance - total), seqno: 3 }
  await store.applyScan(epoch, { ...plan, to, movements: [...plan.movements, ...sent] }, 11)
  expect(await store.listQueued()).toEqual([])
  expect(await world.balanceOf('liab:payout_inflight')).toBe(0n)
  await world.audit()
})

test('a root of receipts follows that of the reserves to the chain, and is noted with its transaction', async () => {
  const epoch = await takeOver()
  const [day, nowMs] = [20_779, 20_780 * 86_400_000]
  const [reserves, receipts] = ['1a'.repeat(32), '2b'.repeat(32)]
  await world
    .run(
      `INSERT INTO reserve_proofs (day, root, total, leaves, document, created_at) VALUES (${day}, '${reserves}', 0, 0, '{}', 1)`,
    )
    .run()
  await world
    .run(
      `INSERT INTO receipt_days (day, root, leaves, document, created_at) VALUES (${day}, '${receipts}', 3, '{}', 1)`,
    )
    .run()
  expect(await store.findNote(nowMs)).toBe(`sharnaqa reserves 2026-11-22 ${reserves}`)
  const at = { day: '2026-11-22', transactionId: `60:${HASH}` }
  await store.applyScan(epoch, await planOf({ published: [{ of: 'reserves', root: reserves, ...at }] }), 7)
  expect(await store.findNote(nowMs)).toBe(`sharnaqa receipts 2026-11-22 ${receipts}`)
  await store.applyScan(epoch, await planOf({ published: [{ of: 'receipts', root: receipts, ...at }] }), 8)
  expect(await store.findNote(nowMs)).toBeUndefined()
  expect(await world.run('SELECT transaction_id AS id FROM receipt_days').first('id')).toBe(`60:${HASH}`)
})
