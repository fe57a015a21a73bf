import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { lostReplyD1 } from '../accounts/lost-reply-d1.ts'
import { WALLET_CHANGE_MS } from './wallet.ts'
import {
  bindProvenWallet,
  cancelWalletChange,
  issueNonce,
  NONCE_TTL_MS,
  OPEN_NONCES_MAX,
  readWallet,
  settleWalletChanges,
} from './wallet-store.ts'

const db = drizzle(env.DB)
const T = Date.UTC(2026, 10, 22, 12)
let counter = 6_000_000_000

async function setupAccount() {
  const id = counter++
  await env.DB.batch([
    env.DB.prepare("INSERT INTO ledger_accounts VALUES (?, ?, 'credit', 0, 0, 0)").bind(
      id,
      `liab:user:${id}`,
    ),
    env.DB.prepare('INSERT INTO accounts (id, telegram_id, created_at) VALUES (?, ?, 0)').bind(id, id),
  ])
  return id
}
const nonceFor = async (accountId: number, nowMs = T) =>
  (await issueNonce(db, { accountId, nowMs, random: crypto.getRandomValues(new Uint8Array(32)) })).nonce
const newAddress = () => `0:${(counter++).toString(16).padStart(64, '0')}`
async function bind(accountId: number, address: string, nowMs = T) {
  return bindProvenWallet(db, { accountId, address, nonce: await nonceFor(accountId, nowMs), nowMs })
}

test('a proven wallet is bound at once, and its nonce is spent', async () => {
  const accountId = await setupAccount()
  const address = newAddress()
  const nonce = await nonceFor(accountId)
  expect(await bindProvenWallet(db, { accountId, nonce, address, nowMs: T })).toMatchObject({ ok: true })
  expect(await readWallet(db, accountId, T)).toEqual({ address, provenAtMs: T, next: undefined })
  const again = await bindProvenWallet(db, { accountId, nonce, address, nowMs: T + 1 })
  expect(again).toEqual({ ok: false, reason: 'used-nonce' })
})
test("a nonce that nobody gave, another's, or an old one binds nothing", async () => {
  const [accountId, other] = [await setupAccount(), await setupAccount()]
  const address = newAddress()
  const refused = (nonce: string, nowMs = T) => bindProvenWallet(db, { accountId, nonce, address, nowMs })
  expect(await refused('made-up')).toEqual({ ok: false, reason: 'unknown-nonce' })
  expect(await refused(await nonceFor(other))).toEqual({ ok: false, reason: 'unknown-nonce' })
  const own = await nonceFor(accountId)
  expect(await refused(own, T + NONCE_TTL_MS)).toEqual({ ok: false, reason: 'expired-nonce' })
  expect(await readWallet(db, accountId, T)).toBeUndefined()
})
test('of 20 racing proofs with one nonce, for different wallets, one counts', async () => {
  const accountId = await setupAccount()
  const nonce = await nonceFor(accountId)
  const addresses = Array.from({ length: 20 }, newAddress)
  const results = await Promise.all(
    addresses.map((address) => bindProvenWallet(db, { accountId, nonce, address, nowMs: T })),
  )
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  expect(results.filter((one) => !one.ok && one.reason === 'used-nonce')).toHaveLength(19)
  const won = addresses[results.findIndex(({ ok }) => ok)]
  expect(await readWallet(db, accountId, T)).toEqual({ address: won, provenAtMs: T, next: undefined })
})
test('two first proofs at once, each with its nonce, leave one bound and one waiting', async () => {
  const accountId = await setupAccount()
  const [a, b] = [newAddress(), newAddress()]
  const results = await Promise.all([bind(accountId, a), bind(accountId, b)])
  expect(results.every(({ ok }) => ok)).toBe(true)
  const wallet = await readWallet(db, accountId, T)
  expect([wallet?.address, wallet?.next?.address].toSorted()).toEqual([a, b].toSorted())
})
test('a binding whose reply was lost is known to have happened', async () => {
  const accountId = await setupAccount()
  const address = newAddress()
  const nonce = await nonceFor(accountId)
  const lossy = drizzle(lostReplyD1(env.DB))
  expect(await bindProvenWallet(lossy, { accountId, nonce, address, nowMs: T })).toMatchObject({ ok: true })
  expect(await readWallet(db, accountId, T)).toMatchObject({ address })
})
test('a wallet has one account, from the moment that it is asked for', async () => {
  const [one, two] = [await setupAccount(), await setupAccount()]
  const [taken, wanted, own] = [newAddress(), newAddress(), newAddress()]
  await bind(one, taken)
  expect(await bind(two, taken)).toEqual({ ok: false, reason: 'wallet-taken' })
  await bind(one, wanted)
  expect(await bind(two, wanted)).toEqual({ ok: false, reason: 'wallet-taken' })
  await bind(two, own)
  expect(await bind(two, wanted)).toEqual({ ok: false, reason: 'wallet-taken' })
  expect(await readWallet(db, two, T)).toEqual({ address: own, provenAtMs: T, next: undefined })
})
test('of ten accounts that race for one wallet, one gets it', async () => {
  const accounts = await Promise.all(Array.from({ length: 10 }, setupAccount))
  const address = newAddress()
  const results = await Promise.all(accounts.map((accountId) => bind(accountId, address)))
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
})
test('a change counts after 24 hours, and then frees the old wallet', async () => {
  const [accountId, other] = [await setupAccount(), await setupAccount()]
  const [old, next] = [newAddress(), newAddress()]
  await bind(accountId, old)
  await bind(accountId, next, T + 5)
  const due = T + 5 + WALLET_CHANGE_MS
  await settleWalletChanges(db, due - 1)
  expect(await readWallet(db, accountId, due - 1)).toMatchObject({ address: old, next: { fromMs: due } })
  expect(await readWallet(db, accountId, due)).toMatchObject({ address: next, next: undefined })
  await settleWalletChanges(db, due)
  expect(await readWallet(db, accountId, due)).toEqual({ address: next, provenAtMs: due, next: undefined })
  expect(await bind(other, old, due)).toMatchObject({ ok: true })
})
test('a change that waits can be taken back, and one that counts cannot', async () => {
  const accountId = await setupAccount()
  const [old, next] = [newAddress(), newAddress()]
  await bind(accountId, old)
  await bind(accountId, next)
  await cancelWalletChange(db, accountId, T + 1)
  expect(await readWallet(db, accountId, T + 1)).toMatchObject({ address: old, next: undefined })
  await bind(accountId, next, T + 2)
  await cancelWalletChange(db, accountId, T + 2 + WALLET_CHANGE_MS)
  expect(await readWallet(db, accountId, T + 2 + WALLET_CHANGE_MS)).toMatchObject({ address: next })
})
test('an account keeps its newest nonces and no more', async () => {
  const accountId = await setupAccount()
  const first = await nonceFor(accountId, T)
  const rest: string[] = []
  for (let i = 1; i <= OPEN_NONCES_MAX; i++) rest.push(await nonceFor(accountId, T + i))
  const row = await env.DB.prepare('SELECT COUNT(*) AS n FROM proof_nonces WHERE account_id = ?')
    .bind(accountId)
    .first()
  expect(row).toEqual({ n: OPEN_NONCES_MAX })
  const nowMs = T + 100
  const proof = (nonce: string) => bindProvenWallet(db, { accountId, nonce, address: newAddress(), nowMs })
  expect(await proof(first)).toEqual({ ok: false, reason: 'unknown-nonce' })
  expect(await proof(rest.at(-1) ?? '')).toMatchObject({ ok: true })
})
test('the database itself refuses a nonce twice and a wallet of another', async () => {
  const [one, two] = [await setupAccount(), await setupAccount()]
  const address = newAddress()
  await bind(one, address)
  await expect(
    env.DB.prepare('UPDATE proof_nonces SET used_at = 9 WHERE account_id = ?').bind(one).run(),
  ).rejects.toThrow('used-nonce')
  const insert = env.DB.prepare('INSERT INTO wallets VALUES (?, ?, 0, ?, ?)')
  await expect(insert.bind(two, newAddress(), address, 9).run()).rejects.toThrow('wallet-taken')
})
