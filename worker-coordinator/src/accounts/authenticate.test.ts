import { expect, test, vi } from 'vitest'
import { hashApiKey, makeApiKey } from './api-key.ts'
import { type AuthenticatorDeps, createAuthenticator } from './authenticate.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const keyOf = async (seed: number) => (await makeApiKey(new Uint8Array(32).fill(seed))).key

function setup(overrides: Partial<AuthenticatorDeps> = {}) {
  const clock = { nowMs: NOW_MS }
  const rows = new Map<string, { keyId: number; accountId: number; revoked: boolean }>()
  const findKeyByHash = vi.fn(async (hash: string) => rows.get(hash))
  const verifySession = vi.fn<AuthenticatorDeps['verifySession']>(() => {
    throw new Error('give a fake for verifySession')
  })
  const deps = { findKeyByHash, verifySession, nowMs: () => clock.nowMs, ...overrides }
  return { clock, rows, findKeyByHash, authenticate: createAuthenticator(deps) }
}

test('a key tells whose it is', async () => {
  const { rows, authenticate } = setup()
  const key = await keyOf(1)
  rows.set(hashApiKey(key), { keyId: 3, accountId: 7, revoked: false })
  const expected = { ok: true, caller: { accountId: 7, keyId: 3 } }
  expect(await authenticate(`Bearer ${key}`)).toEqual(expected)
  expect(await authenticate(`bearer  ${key}`)).toEqual(expected)
})

test('a session tells whose it is, and carries no key', async () => {
  const { authenticate, findKeyByHash } = setup({
    verifySession: async () => ({ ok: true, accountId: 7, telegramId: 4242 }),
  })
  expect(await authenticate('Bearer aa.bb.cc')).toEqual({
    ok: true,
    caller: { accountId: 7, keyId: undefined },
    telegramId: 4242,
  })
  expect(findKeyByHash).not.toHaveBeenCalled()
})

test('what is wrong with a session is passed on', async () => {
  for (const reason of ['malformed', 'unknown', 'expired'] as const) {
    const { authenticate } = setup({ verifySession: async () => ({ ok: false, reason }) })
    expect(await authenticate('Bearer aa.bb.cc')).toEqual({ ok: false, reason })
  }
})

test('no header and an empty one are missing', async () => {
  const { authenticate } = setup()
  expect(await authenticate(undefined)).toEqual({ ok: false, reason: 'missing' })
  expect(await authenticate('')).toEqual({ ok: false, reason: 'missing' })
})

test.for([
  'Bearer',
  'Bearer ',
  'Basic dXNlcjpwYXNz',
  'sk-shq-without-a-scheme',
  'Bearer two tokens',
  'Bearer sk-another-network',
  `Bearer sk-shq-${'a'.repeat(44)}`,
  `Bearer ${'a'.repeat(5000)}`,
])('the header %j is malformed and asks no database', async (header) => {
  const { authenticate, findKeyByHash } = setup()
  expect(await authenticate(header)).toEqual({ ok: false, reason: 'malformed' })
  expect(findKeyByHash).not.toHaveBeenCalled()
})

test('a well formed key that no one made is unknown', async () => {
  const { authenticate } = setup()
  expect(await authenticate(`Bearer ${await keyOf(9)}`)).toEqual({ ok: false, reason: 'unknown' })
})

test('a known and an unknown key are each looked up once in five seconds', async () => {
  const { rows, authenticate, findKeyByHash, clock } = setup()
  const [key, stray] = [await keyOf(1), await keyOf(2)]
  rows.set(hashApiKey(key), { keyId: 3, accountId: 7, revoked: false })
  for (let i = 0; i < 10; i++) {
    await authenticate(`Bearer ${key}`)
    await authenticate(`Bearer ${stray}`)
  }
  expect(findKeyByHash).toHaveBeenCalledTimes(2)
  clock.nowMs += 5000
  await authenticate(`Bearer ${key}`)
  await authenticate(`Bearer ${stray}`)
  expect(findKeyByHash).toHaveBeenCalledTimes(4)
})

test('a revocation takes effect within five seconds, however often the key is used', async () => {
  const { rows, authenticate, clock } = setup()
  const key = await keyOf(1)
  const row = { keyId: 3, accountId: 7, revoked: false }
  rows.set(hashApiKey(key), row)
  expect(await authenticate(`Bearer ${key}`)).toMatchObject({ ok: true })
  rows.set(hashApiKey(key), { ...row, revoked: true })
  for (let i = 0; i < 4; i++) {
    clock.nowMs += 1000
    await authenticate(`Bearer ${key}`)
  }
  clock.nowMs += 1000
  expect(await authenticate(`Bearer ${key}`)).toEqual({ ok: false, reason: 'revoked' })
})

test('guesses do not push a real key out of memory', async () => {
  const { rows, authenticate, findKeyByHash } = setup({ cacheMax: 3 })
  const key = await keyOf(1)
  rows.set(hashApiKey(key), { keyId: 3, accountId: 7, revoked: false })
  await authenticate(`Bearer ${key}`)
  for (let seed = 10; seed < 30; seed++) await authenticate(`Bearer ${await keyOf(seed)}`)
  findKeyByHash.mockClear()
  await authenticate(`Bearer ${key}`)
  expect(findKeyByHash).not.toHaveBeenCalled()
})

test('memory is bounded: of known keys the least recently used is forgotten first', async () => {
  const { rows, authenticate, findKeyByHash } = setup({ cacheMax: 2 })
  const keys = await Promise.all([1, 2, 3].map(keyOf))
  for (const key of keys) rows.set(hashApiKey(key), { keyId: 3, accountId: 7, revoked: false })
  const [a, b, c] = keys.map((key) => `Bearer ${key}`)
  for (const header of [a, b, a, c]) await authenticate(header)
  findKeyByHash.mockClear()
  await authenticate(a)
  expect(findKeyByHash).toHaveBeenCalledTimes(0)
  await authenticate(b)
  expect(findKeyByHash).toHaveBeenCalledTimes(1)
})

test('a database that fails lets no one in and is not remembered', async () => {
  const findKeyByHash = vi
    .fn<AuthenticatorDeps['findKeyByHash']>()
    .mockRejectedValueOnce(new Error('D1 is away'))
  findKeyByHash.mockResolvedValue({ keyId: 3, accountId: 7, revoked: false })
  const { authenticate } = setup({ findKeyByHash })
  const header = `Bearer ${await keyOf(1)}`
  await expect(authenticate(header)).rejects.toThrow('D1 is away')
  expect(await authenticate(header)).toMatchObject({ ok: true })
})
