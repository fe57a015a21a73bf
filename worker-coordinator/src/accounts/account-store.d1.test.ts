import { env } from 'cloudflare:workers'
import { eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { sha256Hex } from '../../../protocol/src/canonical-json.ts'
import { nano } from '../../../protocol/src/money.ts'
import { ledgerAccounts, ledgerTransfers } from '../ledger/ledger-schema.ts'
import { hashPairingCode } from '../runners/pairing.ts'
import { createPairingCode, findRunner, pairRunner } from '../runners/runner-store.ts'
import { ACCOUNT_ID_BYTES, makeAccountId } from './account-id.ts'
import { deleteAccount, findOrCreateAccount, readBalance } from './account-store.ts'
import { accounts } from './accounts-schema.ts'
import { hashApiKey } from './api-key.ts'
import { createApiKey, findKeyByHash, listApiKeys } from './api-key-store.ts'
import { lostReplyD1 } from './lost-reply-d1.ts'

const db = drizzle(env.DB)
const NOW_MS = Date.UTC(2026, 10, 22, 12)
const WELCOME = nano(50_000_000n)
const newId = () => makeAccountId(crypto.getRandomValues(new Uint8Array(ACCOUNT_ID_BYTES)))
const randomBytes = (count: number) => crypto.getRandomValues(new Uint8Array(count))

const login = (telegramId: number, welcome = WELCOME) => ({ telegramId, nowMs: NOW_MS, welcome, newId })

async function countLedgerAccounts(): Promise<number> {
  const [row] = await db.select({ count: sql<number>`count(*)` }).from(ledgerAccounts)
  return row?.count ?? -1
}

test('a first login makes an account with its welcome credit', async () => {
  const { id, created } = await findOrCreateAccount(db, login(1001))
  expect(created).toBe(true)
  expect(id).toBeGreaterThan(2 ** 32)
  expect(await readBalance(db, id)).toEqual({ available: WELCOME, held: 0n })
  const [place] = await db.select().from(ledgerAccounts).where(eq(ledgerAccounts.id, id))
  expect(place).toMatchObject({ code: `liab:user:${id}`, side: 'credit' })
})

test('a later login finds the same account and gives no second welcome', async () => {
  const first = await findOrCreateAccount(db, login(1002))
  expect(await findOrCreateAccount(db, login(1002))).toEqual({ id: first.id, created: false })
  expect(await readBalance(db, first.id)).toEqual({ available: WELCOME, held: 0n })
})

test('20 racing first logins give one account, one welcome and no stray place in the ledger', async () => {
  const before = await countLedgerAccounts()
  const logins = await Promise.all(Array.from({ length: 20 }, () => findOrCreateAccount(db, login(1003))))
  expect(new Set(logins.map(({ id }) => id)).size).toBe(1)
  expect(logins.filter(({ created }) => created)).toHaveLength(1)
  expect(await countLedgerAccounts()).toBe(before + 1)
  expect(await readBalance(db, logins[0]?.id ?? 0)).toEqual({ available: WELCOME, held: 0n })
})

test('a first login whose reply was lost is found again, with one welcome', async () => {
  const lossy = drizzle(lostReplyD1(env.DB))
  const { id, created } = await findOrCreateAccount(lossy, login(1004))
  expect(created).toBe(true)
  expect(await findOrCreateAccount(db, login(1004))).toEqual({ id, created: false })
  expect(await readBalance(db, id)).toEqual({ available: WELCOME, held: 0n })
})

test('a login that could not be written makes nothing', async () => {
  const taken = await findOrCreateAccount(db, login(1005))
  const before = await countLedgerAccounts()
  await expect(findOrCreateAccount(db, { ...login(1006), newId: () => taken.id })).rejects.toThrow()
  expect(await countLedgerAccounts()).toBe(before)
  expect(await db.select().from(accounts).where(eq(accounts.telegramId, 1006))).toEqual([])
  expect(await readBalance(db, taken.id)).toEqual({ available: WELCOME, held: 0n })
})

test('a network without a welcome credit makes accounts with nothing', async () => {
  const { id } = await findOrCreateAccount(db, login(1007, nano(0n)))
  expect(await readBalance(db, id)).toEqual({ available: 0n, held: 0n })
})

test('an account that does not exist has no balance, and the network itself shows none', async () => {
  expect(await readBalance(db, 2 ** 40)).toBeUndefined()
  expect(await readBalance(db, 1)).toBeUndefined()
})

test('what jobs of the account and of its keys hold is not available', async () => {
  const { id } = await findOrCreateAccount(db, login(1008))
  const made = await createApiKey(db, {
    accountId: id,
    name: 'laptop',
    limitDay: null,
    limitMonth: null,
    nowMs: NOW_MS,
    random: randomBytes(32),
  })
  if (!made.ok) throw new Error(made.reason)
  const job = (name: string, keyId: number | null, hold: number) =>
    env.DB.prepare(
      `insert into jobs (id, account_id, key_id, kind, model, shard, tier, state, price_input, price_output, hold, charge,
        prompt_tokens, completion_tokens, created_at)
        values (?, ?, ?, 'chat', 'm', 0, 'open', 'running', 0, 0, ?, 0, 0, 0, ?)`,
    )
      .bind(name, id, keyId, hold, NOW_MS)
      .run()
  await job('job_1008a', null, 10_000_000)
  await job('job_1008b', made.apiKey.id, 15_000_000)
  expect(await readBalance(db, id)).toEqual({ available: 25_000_000n, held: 25_000_000n })
  await expect(job('job_1008c', null, 25_000_001)).rejects.toThrow('insufficient-funds')
})

test('deleting an account forgets the person and keeps the books', async () => {
  const { id } = await findOrCreateAccount(db, login(1009))
  const made = await createApiKey(db, {
    accountId: id,
    name: 'my diary',
    limitDay: null,
    limitMonth: null,
    nowMs: NOW_MS,
    random: randomBytes(32),
  })
  const code = await createPairingCode(db, { accountId: id, nowMs: NOW_MS, random: randomBytes(8) })
  const spare = await createPairingCode(db, { accountId: id, nowMs: NOW_MS, random: randomBytes(8) })
  if (!made.ok || !code.ok || !spare.ok) throw new Error('not made')
  const pairing = { runnerId: 'run_1009', publicKey: 'k', name: "mother's PC", nowMs: NOW_MS, newId }
  await pairRunner(db, { ...pairing, codeHash: await hashPairingCode(code.code) })

  await deleteAccount(db, id, NOW_MS)
  await deleteAccount(db, id, NOW_MS + 1)

  expect(await db.select().from(accounts).where(eq(accounts.id, id))).toMatchObject([{ telegramId: null }])
  expect(await listApiKeys(db, id, NOW_MS)).toEqual([])
  expect(await findKeyByHash(db, hashApiKey(made.key))).toMatchObject({ revoked: true })
  expect(await findRunner(db, 'run_1009')).toMatchObject({ state: 'removed', name: '' })
  expect(await pairRunner(db, { ...pairing, codeHash: await hashPairingCode(spare.code) })).toEqual({
    ok: false,
    reason: 'unknown-code',
  })
  expect(await readBalance(db, id)).toEqual({ available: WELCOME, held: 0n })
})

test('what is still signed in after a deletion makes neither keys nor pairing codes', async () => {
  const { id } = await findOrCreateAccount(db, login(1010))
  await deleteAccount(db, id, NOW_MS)
  const key = { name: 'k', limitDay: null, limitMonth: null, nowMs: NOW_MS, random: randomBytes(32) }
  expect(await createApiKey(db, { ...key, accountId: id })).toEqual({ ok: false, reason: 'account-gone' })
  expect(await createPairingCode(db, { accountId: id, nowMs: NOW_MS, random: randomBytes(8) })).toEqual({
    ok: false,
    reason: 'account-gone',
  })
})

test('who deletes the account and comes back gets a new one and no second welcome', async () => {
  const first = await findOrCreateAccount(db, login(1011))
  await deleteAccount(db, first.id, NOW_MS)
  const second = await findOrCreateAccount(db, login(1011))
  expect(second.id).not.toBe(first.id)
  expect(await readBalance(db, second.id)).toEqual({ available: 0n, held: 0n })
  const welcomeId = `welcome/${await sha256Hex('telegram:1011')}`
  const welcomes = await db.select().from(ledgerTransfers).where(eq(ledgerTransfers.id, welcomeId))
  expect(welcomes).toMatchObject([{ kind: 'welcome', debit: 2, credit: first.id, amount: WELCOME, fee: 0n }])
})
