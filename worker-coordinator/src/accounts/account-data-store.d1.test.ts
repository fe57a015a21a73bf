import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import { usageDays } from '../billing/billing-schema.ts'
import { deposits } from '../deposits/deposits-schema.ts'
import { escrows } from '../escrow/escrows-schema.ts'
import { groupMembers, groups } from '../groups/groups-schema.ts'
import { payouts } from '../payouts/payouts-schema.ts'
import { hashPairingCode } from '../runners/pairing.ts'
import { createPairingCode, pairRunner } from '../runners/runner-store.ts'
import { runnerAsks, runnerPresence, runners } from '../runners/runners-schema.ts'
import { starPayments } from '../stars/stars-schema.ts'
import { issueNonce } from '../wallets/wallet-store.ts'
import { wallets } from '../wallets/wallets-schema.ts'
import { readAccountData } from './account-data-store.ts'
import { ACCOUNT_ID_BYTES, makeAccountId } from './account-id.ts'
import { deleteAccount, findOrCreateAccount } from './account-store.ts'
import { createApiKey } from './api-key-store.ts'

const db = drizzle(env.DB)
const NOW_MS = Date.UTC(2026, 10, 22, 12)
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
const newId = () => makeAccountId(random(ACCOUNT_ID_BYTES))

let people = 7000
const toText = (data: unknown) =>
  JSON.stringify(data, (_, value) => (typeof value === 'bigint' ? String(value) : value))

/** A person with one of everything. */
async function setupPerson() {
  const telegramId = ++people
  const login = { telegramId, nowMs: NOW_MS, welcome: nano(0n), newId }
  const { id: accountId } = await findOrCreateAccount(db, login)
  const key = { accountId, name: 'laptop', limitDay: nano(9n), limitMonth: null, nowMs: NOW_MS }
  const made = await createApiKey(db, { ...key, random: random(32) })
  const code = await createPairingCode(db, { accountId, nowMs: NOW_MS, random: random(8) })
  if (!made.ok || !code.ok) throw new Error('not made')
  const runnerId = `run_${telegramId}`
  const pairing = { runnerId, publicKey: 'public', name: 'attic', nowMs: NOW_MS, newId }
  await pairRunner(db, { ...pairing, codeHash: await hashPairingCode(code.code) })
  const { nonce } = await issueNonce(db, { accountId, nowMs: NOW_MS, random: random(32) })
  const groupId = `grp_${telegramId}`
  const invitation = `INVITE-${telegramId}`
  const at = NOW_MS
  const account = { accountId, amount: nano(5n) }
  await db.batch([
    db.insert(runnerAsks).values({ runnerId, model: 'm', priceInput: nano(1n), priceOutput: nano(2n) }),
    db.insert(runnerPresence).values({ runnerId, model: 'm', fromAt: at, toAt: null }),
    db.insert(groups).values({ id: groupId, accountId, name: 'friends', invitation, createdAt: at }),
    db.insert(wallets).values({ accountId, address: `0:${telegramId}`, provenAt: at }),
    db
      .insert(deposits)
      .values({ ...account, id: `${telegramId}:ab`, sender: '0:1', via: 'tag', state: 'credited', at }),
    db.insert(payouts).values({
      ...account,
      id: `po_${telegramId}`,
      source: accountId,
      cause: 'demand',
      destination: '0:1',
      fee: nano(1n),
      state: 'queued',
      createdAt: at,
    }),
    db.insert(starPayments).values({ ...account, id: `stx${telegramId}`, stars: 1, state: 'paid', at }),
    db.insert(escrows).values({
      accountId,
      address: `0:e${telegramId}`,
      sessionKey: 'aa',
      allowed: nano(3n),
      signature: 'c2ln',
      collected: nano(0n),
      createdAt: at,
    }),
    db.insert(usageDays).values({
      accountId,
      day: 20_000,
      model: 'm',
      keyId: 0,
      jobs: 1,
      promptTokens: 2,
      completionTokens: 3,
      charge: nano(4n),
    }),
  ])
  const secrets = [made.key, code.code, nonce, invitation, 'c2ln']
  return { accountId, telegramId, runnerId, groupId, secrets }
}

test("a person's copy has what is theirs, of every table, and nothing of anybody else", async () => {
  const [one, other] = [await setupPerson(), await setupPerson()]
  await db.insert(groupMembers).values({ groupId: other.groupId, accountId: one.accountId, joinedAt: NOW_MS })
  const data = await readAccountData(db, one.accountId)
  expect(data).toMatchObject({
    account: { number: one.accountId, telegramId: one.telegramId, createdAt: NOW_MS },
    wallet: { address: `0:${one.telegramId}` },
    apiKeys: [{ name: 'laptop', limitDay: 9n }],
    runners: [{ id: one.runnerId, name: 'attic', publicKey: 'public' }],
    runnerPrices: [{ model: 'm', priceOutput: 2n }],
    runnerPresence: [{ runnerId: one.runnerId }],
    runnerEarnings: [],
    groups: [{ id: one.groupId, name: 'friends', members: 1 }],
    memberships: [{ id: other.groupId, name: 'friends', joinedAt: NOW_MS }],
    deposits: [{ id: `${one.telegramId}:ab`, amount: 5n }],
    payouts: [{ id: `po_${one.telegramId}`, fee: 1n, state: 'queued' }],
    stars: [{ id: `stx${one.telegramId}`, stars: 1 }],
    escrows: [{ address: `0:e${one.telegramId}`, allowed: 3n }],
    usage: [{ day: 20_000, charge: 4n }],
    pairingCodes: [{ usedBy: one.runnerId }],
  })
  expect(toText(data)).not.toContain(String(other.accountId))
  expect(toText(data)).not.toContain(other.runnerId)
  expect((await readAccountData(db, other.accountId))?.groups).toMatchObject([{ members: 2 }])
})

test('a copy holds no secret: no key, code, nonce, invitation or signature, and no hash of one', async () => {
  const { accountId, secrets } = await setupPerson()
  const data = await readAccountData(db, accountId)
  const text = toText(data)
  for (const secret of secrets) expect(text).not.toContain(secret)
  expect(text).not.toMatch(/[0-9a-f]{64}/)
  expect(text).not.toMatch(/hash|signature|invitation/i)
})

test('after a deletion there is no copy, and names, machines and groups are gone', async () => {
  const [one, member] = [await setupPerson(), await setupPerson()]
  await db
    .insert(groupMembers)
    .values({ groupId: one.groupId, accountId: member.accountId, joinedAt: NOW_MS })
  await db
    .insert(groupMembers)
    .values({ groupId: member.groupId, accountId: one.accountId, joinedAt: NOW_MS })
  await db.update(runners).set({ audience: 'group', groupId: one.groupId, device: 'RTX' })
  await deleteAccount(db, one.accountId, NOW_MS)
  await deleteAccount(db, one.accountId, NOW_MS)

  expect(await readAccountData(db, one.accountId)).toBeUndefined()
  const rows = await db.select().from(runners)
  expect(rows.find(({ id }) => id === one.runnerId)).toMatchObject({
    state: 'removed',
    name: '',
    device: null,
    groupId: null,
  })
  expect(rows.find(({ id }) => id === member.runnerId)).toMatchObject({ audience: 'own', groupId: null })
  expect(await readAccountData(db, member.accountId)).toMatchObject({
    memberships: [],
    groups: [{ members: 1 }],
  })
})
