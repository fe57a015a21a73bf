import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { NANO_MAX, nano } from '../../../protocol/src/money.ts'
import { ACCOUNT_ID_BYTES, makeAccountId } from './account-id.ts'
import { findOrCreateAccount } from './account-store.ts'
import { hashApiKey } from './api-key.ts'
import {
  createApiKey,
  findKeyByHash,
  KEYS_MAX,
  listApiKeys,
  revokeApiKey,
  updateApiKey,
} from './api-key-store.ts'
import { lostReplyD1 } from './lost-reply-d1.ts'

const db = drizzle(env.DB)
const NOW_MS = Date.UTC(2026, 10, 22, 12)
const DAY_MS = 86_400_000

async function openAccount(telegramId: number): Promise<number> {
  const newId = () => makeAccountId(crypto.getRandomValues(new Uint8Array(ACCOUNT_ID_BYTES)))
  const welcome = nano(1_000_000n)
  const { id } = await findOrCreateAccount(db, { telegramId, nowMs: NOW_MS, welcome, newId })
  return id
}

const newKey = (accountId: number) => ({
  accountId,
  name: 'laptop',
  limitDay: null,
  limitMonth: null,
  nowMs: NOW_MS,
  random: crypto.getRandomValues(new Uint8Array(32)),
})

async function createOrThrow(...input: Parameters<typeof createApiKey>) {
  const made = await createApiKey(...input)
  if (!made.ok) throw new Error(made.reason)
  return made
}

async function spend(name: string, accountId: number, keyId: number, charge: number, endedAtMs: number) {
  await env.DB.prepare(
    `insert into jobs (id, account_id, key_id, kind, model, shard, tier, state, price_input, price_output, hold, charge,
      prompt_tokens, completion_tokens, created_at)
      values (?, ?, ?, 'chat', 'm', 0, 'open', 'running', 0, 0, ?, 0, 0, 0, ?)`,
  )
    .bind(name, accountId, keyId, charge, endedAtMs)
    .run()
  await env.DB.prepare("update jobs set state = 'done', charge = ?, ended_at = ? where id = ?")
    .bind(charge, endedAtMs, name)
    .run()
}

test('only the hash of a key is stored, and the list never shows the key', async () => {
  const accountId = await openAccount(2001)
  const { key, apiKey } = await createOrThrow(db, newKey(accountId))
  const { results } = await env.DB.prepare('select * from api_keys where id = ?').bind(apiKey.id).all()
  expect(results).toHaveLength(1)
  expect(results[0]?.hash).toBe(hashApiKey(key))
  expect(JSON.stringify(results)).not.toContain(key)
  expect(JSON.stringify(await listApiKeys(db, accountId, NOW_MS), writeBigint)).not.toContain(key)
  expect(apiKey).toMatchObject({
    name: 'laptop',
    limitDay: null,
    limitMonth: null,
    spent: 0n,
    lastUsedAt: null,
  })
  expect(key.startsWith(apiKey.prefix)).toBe(true)
})

test('a key is found by its hash alone', async () => {
  const accountId = await openAccount(2002)
  const { key, apiKey } = await createOrThrow(db, newKey(accountId))
  expect(await findKeyByHash(db, hashApiKey(key))).toEqual({
    keyId: apiKey.id,
    accountId,
    revoked: false,
  })
  expect(await findKeyByHash(db, key)).toBeUndefined()
})

test('a key whose reply was lost as it was made is the one that stands', async () => {
  const accountId = await openAccount(2003)
  const { key, apiKey } = await createOrThrow(drizzle(lostReplyD1(env.DB)), newKey(accountId))
  expect(await findKeyByHash(db, hashApiKey(key))).toMatchObject({ keyId: apiKey.id })
  expect(await listApiKeys(db, accountId, NOW_MS)).toHaveLength(1)
})

test('an account has at most 50 working keys, also when 60 are asked for at once', async () => {
  const accountId = await openAccount(2004)
  const made = await Promise.all(Array.from({ length: 60 }, () => createApiKey(db, newKey(accountId))))
  expect(made.filter(({ ok }) => ok)).toHaveLength(KEYS_MAX)
  const [first] = await listApiKeys(db, accountId, NOW_MS)
  expect(await createApiKey(db, newKey(accountId))).toEqual({ ok: false, reason: 'too-many-keys' })
  await revokeApiKey(db, { accountId, keyId: first?.id ?? 0 }, NOW_MS)
  expect(await createApiKey(db, newKey(accountId))).toMatchObject({ ok: true })
})

test('a revoked key is gone from the list, stays revoked, and takes no more jobs', async () => {
  const accountId = await openAccount(2005)
  const { key, apiKey } = await createOrThrow(db, newKey(accountId))
  const own = { accountId, keyId: apiKey.id }
  expect(await revokeApiKey(db, own, NOW_MS)).toBe(true)
  expect(await revokeApiKey(db, own, NOW_MS + 1)).toBe(true)
  expect(await listApiKeys(db, accountId, NOW_MS)).toEqual([])
  expect(await findKeyByHash(db, hashApiKey(key))).toMatchObject({ revoked: true })
  expect(await updateApiKey(db, { ...own, change: { name: 'back' } }, NOW_MS)).toBeUndefined()
  await expect(spend('job_2005', accountId, apiKey.id, 1, NOW_MS)).rejects.toThrow('key-limit-reached')
})

test("another account's key can be neither changed nor revoked", async () => {
  const [mine, theirs] = [await openAccount(2006), await openAccount(2007)]
  const { key, apiKey } = await createOrThrow(db, newKey(theirs))
  const foreign = { accountId: mine, keyId: apiKey.id }
  expect(await revokeApiKey(db, foreign, NOW_MS)).toBe(false)
  expect(await updateApiKey(db, { ...foreign, change: { limitDay: nano(1n) } }, NOW_MS)).toBeUndefined()
  expect(await findKeyByHash(db, hashApiKey(key))).toMatchObject({ revoked: false })
  expect((await listApiKeys(db, theirs, NOW_MS))[0]).toMatchObject({ limitDay: null })
})

test('limits are edited one by one, up to the largest amount, and taken away by null', async () => {
  const accountId = await openAccount(2008)
  const made = await createOrThrow(db, {
    ...newKey(accountId),
    limitDay: nano(5n),
    limitMonth: nano(NANO_MAX),
  })
  expect(made.apiKey).toMatchObject({ limitDay: 5n, limitMonth: NANO_MAX })
  const change = (input: Parameters<typeof updateApiKey>[1]['change']) =>
    updateApiKey(db, { accountId, keyId: made.apiKey.id, change: input }, NOW_MS)
  expect(await change({ limitDay: nano(0n) })).toMatchObject({ limitDay: 0n, limitMonth: NANO_MAX })
  expect(await change({ limitMonth: null, name: 'server' })).toMatchObject({
    name: 'server',
    limitDay: 0n,
    limitMonth: null,
  })
  expect(await change({})).toMatchObject({ name: 'server', limitDay: 0n, limitMonth: null })
})

test('a limit that was edited is the one that jobs meet', async () => {
  const accountId = await openAccount(2009)
  const { apiKey } = await createOrThrow(db, { ...newKey(accountId), limitDay: nano(10n) })
  const own = { accountId, keyId: apiKey.id }
  await spend('job_2009a', accountId, apiKey.id, 10, NOW_MS)
  await expect(spend('job_2009b', accountId, apiKey.id, 1, NOW_MS)).rejects.toThrow('key-limit-reached')
  await updateApiKey(db, { ...own, change: { limitDay: nano(11n) } }, NOW_MS)
  await spend('job_2009c', accountId, apiKey.id, 1, NOW_MS)
  await updateApiKey(db, { ...own, change: { limitDay: null, limitMonth: nano(11n) } }, NOW_MS)
  await expect(spend('job_2009d', accountId, apiKey.id, 1, NOW_MS)).rejects.toThrow('key-limit-reached')
})

test("spending shows today and this month, and yesterday's is not today's", async () => {
  const accountId = await openAccount(2010)
  const { apiKey } = await createOrThrow(db, newKey(accountId))
  await spend('job_2010a', accountId, apiKey.id, 7, NOW_MS)
  const at = async (nowMs: number) => (await listApiKeys(db, accountId, nowMs))[0]
  expect(await at(NOW_MS)).toMatchObject({ spent: 7n, spentDay: 7n, spentMonth: 7n, lastUsedAt: NOW_MS })
  expect(await at(NOW_MS + DAY_MS)).toMatchObject({ spent: 7n, spentDay: 0n, spentMonth: 7n })
  expect(await at(NOW_MS + 30 * DAY_MS)).toMatchObject({ spent: 7n, spentDay: 0n, spentMonth: 0n })
})

function writeBigint(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value
}
