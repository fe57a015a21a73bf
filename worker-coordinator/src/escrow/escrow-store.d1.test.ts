import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { ACCOUNT_ID_BYTES, makeAccountId } from '../accounts/account-id.ts'
import { deleteAccount, findOrCreateAccount } from '../accounts/account-store.ts'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { ESCROWS_MAX } from './escrow.ts'
import {
  addEscrow,
  escrowOfSender,
  findEscrow,
  keepVoucher,
  listEscrows,
  listOpenEscrows,
  noteCollected,
} from './escrow-store.ts'

const db = drizzle(env.DB)
const lossy = drizzle(lostReplyD1(env.DB))
const NOW_MS = Date.UTC(2026, 10, 22, 12)
const newId = () => makeAccountId(crypto.getRandomValues(new Uint8Array(ACCOUNT_ID_BYTES)))

async function openAccount(telegramId: number): Promise<number> {
  return (await findOrCreateAccount(db, { telegramId, nowMs: NOW_MS, welcome: nano(0n), newId })).id
}

const addressOf = (index: number) => `0:${index.toString(16).padStart(64, '0')}`
const escrow = (accountId: number, index: number) => ({
  address: addressOf(index),
  accountId,
  sessionKey: 'ab'.repeat(32),
  collected: nano(0n),
  nowMs: NOW_MS + index,
})
const voucher = (index: number, allowed: bigint, signature: string, dead?: string) => ({
  address: addressOf(index),
  allowed: nano(allowed),
  signature,
  dead,
})

test('an escrow joins an account once, and never another', async () => {
  const [mine, other] = [await openAccount(8001), await openAccount(8002)]
  const added = await addEscrow(db, escrow(mine, 1))
  expect(added).toMatchObject({ ok: true, escrow: { accountId: mine, allowed: 0n, signature: null } })
  expect(await addEscrow(db, { ...escrow(mine, 1), nowMs: NOW_MS + 99 })).toEqual(added)
  expect(await addEscrow(db, escrow(other, 1))).toEqual({ ok: false, reason: 'belongs-to-another-account' })
  expect(await escrowOfSender(db, addressOf(1))).toBe(mine)
})

test('two accounts that race for one escrow: one gets it', async () => {
  const [a, b] = [await openAccount(8003), await openAccount(8004)]
  const results = await Promise.all([addEscrow(db, escrow(a, 2)), addEscrow(db, escrow(b, 2))])
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
})

test('an account has ten escrows at most, and a deleted one gets none', async () => {
  const [full, gone] = [await openAccount(8005), await openAccount(8006)]
  for (let i = 0; i < ESCROWS_MAX; i++) expect((await addEscrow(db, escrow(full, 100 + i))).ok).toBe(true)
  expect(await addEscrow(db, escrow(full, 100 + ESCROWS_MAX))).toEqual({
    ok: false,
    reason: 'too-many-escrows',
  })
  expect((await listEscrows(db, full)).map(({ address }) => address)).toEqual(
    Array.from({ length: ESCROWS_MAX }, (_, i) => addressOf(100 + i)),
  )
  await deleteAccount(db, gone, NOW_MS)
  expect(await addEscrow(db, escrow(gone, 3))).toEqual({ ok: false, reason: 'account-gone' })
})

test('of vouchers the highest is kept, in whatever order they come', async () => {
  const accountId = await openAccount(8007)
  await addEscrow(db, escrow(accountId, 4))
  const sums = [3n, 9n, 1n, 9n, 7n]
  await Promise.all(sums.map((sum, i) => keepVoucher(db, voucher(4, sum, `signature ${i}`))))
  expect(await findEscrow(db, addressOf(4))).toMatchObject({ allowed: 9n })
  expect(await keepVoucher(db, voucher(4, 9n, 'again'))).not.toMatchObject({ signature: 'again' })
})

test('a dead voucher makes way for a lower sum, a living one does not', async () => {
  const accountId = await openAccount(8008)
  await addEscrow(db, escrow(accountId, 5))
  await keepVoucher(db, voucher(5, 9n, 'old term'))
  expect(await keepVoucher(db, voucher(5, 4n, 'new term', 'not kept'))).toMatchObject({ allowed: 9n })
  expect(await keepVoucher(db, voucher(5, 4n, 'new term', 'old term'))).toMatchObject({
    allowed: 4n,
    signature: 'new term',
  })
  expect(await keepVoucher(db, voucher(5, 3n, 'late', 'old term'))).toMatchObject({ allowed: 4n })
})

test('a reply that is lost loses neither an escrow nor a voucher', async () => {
  const accountId = await openAccount(8009)
  expect(await addEscrow(lossy, escrow(accountId, 6))).toMatchObject({ ok: true })
  expect(await keepVoucher(lossy, voucher(6, 5n, 's'))).toMatchObject({ allowed: 5n, signature: 's' })
})

test('what was collected never goes down by an answer that is late', async () => {
  const accountId = await openAccount(8010)
  await addEscrow(db, escrow(accountId, 7))
  await noteCollected(db, addressOf(7), nano(5n))
  await noteCollected(db, addressOf(7), nano(3n))
  expect(await findEscrow(db, addressOf(7))).toMatchObject({ collected: 5n })
})

test('a sender that is no escrow belongs to nobody', async () => {
  const accountId = await openAccount(8011)
  await addEscrow(db, escrow(accountId, 8))
  expect(await escrowOfSender(db, addressOf(8))).toBe(accountId)
  expect(await escrowOfSender(db, addressOf(999))).toBeUndefined()
})

test('open are the escrows that allow more than was collected, the longest waiting first', async () => {
  const accountId = await openAccount(8012)
  for (const index of [20, 21, 22]) await addEscrow(db, escrow(accountId, index))
  await keepVoucher(db, voucher(20, 5n, 's20'))
  await keepVoucher(db, voucher(21, 5n, 's21'))
  await keepVoucher(db, voucher(22, 5n, 's22'))
  await noteCollected(db, addressOf(22), nano(5n))
  await env.DB.prepare(
    `insert into deposits (id, sender, amount, account_id, via, state, at) values ('1:a', ?, 3, ?, 'escrow', 'credited', ?)`,
  )
    .bind(addressOf(20), accountId, NOW_MS + 5_000)
    .run()
  const open = (await listOpenEscrows(db, 100)).filter((one) => one.accountId === accountId)
  expect(open.map(({ address, lastCollectedAtMs }) => [address, lastCollectedAtMs])).toEqual([
    [addressOf(21), NOW_MS + 21],
    [addressOf(20), NOW_MS + 5_000],
  ])
})
