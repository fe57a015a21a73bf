import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { createTreasuryFixture, OPERATOR, TON } from '../treasury/treasury-fixture.ts'
import { claimSuspense, listDeposits, returnOldSuspense, settleReturns } from './deposit-store.ts'
import { RETURN_FEE, SUSPENSE_RETURN_AFTER_MS } from './deposit-terms.ts'

const world = createTreasuryFixture(env.DB, 41)
const db = drizzle(env.DB)
const treasury = world.instance()
const sender = (index: number) => `0:${index.toString(16).padStart(64, 'f')}`
const week = SUSPENSE_RETURN_AFTER_MS
const statesFrom = async (address: string) =>
  (
    await world
      .run('SELECT state FROM deposits WHERE sender = ? ORDER BY at', address)
      .all<{ state: string }>()
  ).results.map(({ state }) => state)

async function receive(from: string, value: bigint): Promise<void> {
  world.chain.receive({ from, value })
  await treasury.tick()
}

test('who proves the sender’s wallet gets what came from it, dust included, once', async () => {
  const anna = await world.setupPerson()
  await receive(sender(1), 2n * TON)
  await receive(sender(1), 5_000n)
  await receive(sender(2), 3n * TON)
  const claim = { accountId: anna.accountId, address: sender(1), nowMs: 1 }
  const racing = await Promise.allSettled([claimSuspense(db, claim), claimSuspense(db, claim)])
  expect(racing.some(({ status }) => status === 'fulfilled')).toBe(true)
  expect(await claimSuspense(db, claim)).toEqual({ amount: 0n, deposits: 0 })
  expect(await world.balanceOf(`liab:user:${anna.accountId}`)).toBe(2n * TON + 5_000n)
  expect(await statesFrom(sender(1))).toEqual(['claimed', 'claimed'])
  expect(await statesFrom(sender(2))).toEqual(['suspense'])
  await world.audit()
})

test('a claim whose reply was lost counts once, for the one who made it', async () => {
  const [anna, bob] = [await world.setupPerson(), await world.setupPerson()]
  await receive(sender(3), TON)
  const lossy = drizzle(lostReplyD1(env.DB))
  expect(await claimSuspense(lossy, { accountId: anna.accountId, address: sender(3), nowMs: 1 })).toEqual({
    amount: TON,
    deposits: 1,
  })
  expect(await claimSuspense(db, { accountId: bob.accountId, address: sender(3), nowMs: 1 })).toMatchObject({
    deposits: 0,
  })
  expect(await world.balanceOf(`liab:user:${anna.accountId}`)).toBe(TON)
})

test('more deposits than one batch takes are claimed all', async () => {
  const anna = await world.setupPerson()
  for (let i = 0; i < 120; i++) world.chain.receive({ from: sender(4), value: 10_000n })
  await treasury.tick()
  const claimed = await claimSuspense(db, { accountId: anna.accountId, address: sender(4), nowMs: 1 })
  expect(claimed).toEqual({ amount: 1_200_000n, deposits: 120 })
})

test('a deposit with a code is the account’s, and listed newest first', async () => {
  const anna = await world.setupPerson()
  await world.run('UPDATE wallets SET address = ? WHERE account_id = ?', sender(5), anna.accountId).run()
  await receive(sender(5), TON)
  world.chain.nowS += 5
  await receive(sender(5), 2n * TON)
  const first = await listDeposits(db, { accountId: anna.accountId, limit: 1 })
  expect(first.deposits).toMatchObject([{ amount: 2n * TON, via: 'sender', state: 'credited' }])
  const rest = await listDeposits(db, { accountId: anna.accountId, limit: 1, after: first.next ?? '' })
  expect(rest).toMatchObject({ deposits: [{ amount: TON }], next: undefined })
})

test('a wallet that waits for its day names nobody yet, and from that day on the new owner', async () => {
  const anna = await world.setupPerson()
  await world
    .run(
      'UPDATE wallets SET next_address = ?, next_from = ? WHERE account_id = ?',
      sender(6),
      world.nowMs() + 60_000,
      anna.accountId,
    )
    .run()
  await receive(sender(6), TON)
  expect(await statesFrom(sender(6))).toEqual(['suspense'])
  world.chain.nowS += 61
  await receive(sender(6), TON)
  await receive(anna.wallet, TON)
  expect(await statesFrom(sender(6))).toEqual(['suspense', 'credited'])
  expect(await statesFrom(anna.wallet)).toEqual(['suspense'])
})

test('a deleted account takes no more deposits', async () => {
  const anna = await world.setupPerson()
  await world.run('UPDATE accounts SET telegram_id = NULL WHERE id = ?', anna.accountId).run()
  const { depositTag } = await import('../ton/deposit-body.ts')
  const { readCell } = await import('../ton/text-comment.ts')
  const body = readCell(depositTag(anna.accountId))
  world.chain.receive({ from: sender(7), value: TON, ...(body ? { body } : {}) })
  await treasury.tick()
  expect(await statesFrom(sender(7))).toEqual(['suspense'])
})

test('after 7 days coins go back to their sender, less the fee, and the deposit says so', async () => {
  world.chain.receive({ from: OPERATOR, value: 50n * TON })
  await receive(sender(8), 2n * TON)
  await receive(sender(9), 9_999_999n) // too little to send back
  const arrivedMs = world.nowMs()
  await returnOldSuspense(db, arrivedMs + week - 1)
  expect(await statesFrom(sender(8))).toEqual(['suspense'])
  const queued = await returnOldSuspense(db, arrivedMs + week)
  expect(queued).toBeGreaterThan(0)
  expect(await returnOldSuspense(drizzle(lostReplyD1(env.DB)), arrivedMs + week)).toBe(0)
  expect(await statesFrom(sender(8))).toEqual(['returning'])
  expect(await statesFrom(sender(9))).toEqual(['suspense'])
  await settleReturns(db)
  expect(await statesFrom(sender(8))).toEqual(['returning'])
  for (let i = 0; i < 3; i++) await treasury.tick()
  await settleReturns(db)
  await settleReturns(db)
  expect(world.received(sender(8))).toEqual([2n * TON - RETURN_FEE])
  expect(await statesFrom(sender(8))).toEqual(['returned'])
  await world.audit()
})

test('coins on their way back cannot be claimed as well', async () => {
  const anna = await world.setupPerson()
  await receive(sender(10), 2n * TON)
  const lossy = drizzle(lostReplyD1(env.DB))
  await returnOldSuspense(lossy, world.nowMs() + week)
  expect(await claimSuspense(db, { accountId: anna.accountId, address: sender(10), nowMs: 1 })).toMatchObject(
    { deposits: 0 },
  )
  await world.audit()
})

test('what came from the masterchain stays: we do not pay there', async () => {
  await receive(`-1:${'3'.repeat(64)}`, 2n * TON)
  await returnOldSuspense(db, world.nowMs() + week)
  expect(await statesFrom(`-1:${'3'.repeat(64)}`)).toEqual(['suspense'])
})

test('what waits adds up to what the ledger owes to nobody', async () => {
  const row = await world
    .run("SELECT SUM(amount) AS sum FROM deposits WHERE state = 'suspense'")
    .first<{ sum: number }>()
  expect(BigInt(row?.sum ?? -1)).toBe(await world.balanceOf('suspense:deposit'))
})
