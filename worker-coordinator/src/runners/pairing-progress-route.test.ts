import { expect, test, vi } from 'vitest'
import { pairingProgressSchema } from '../../../protocol/src/miniapp/runners.ts'
import { nano } from '../../../protocol/src/money.ts'
import { type PairingProgressRouteDeps, pairingProgressRoute } from './pairing-progress-route.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const ID = '0123456789abcdef'
const RUNNER = { runnerId: 'run_1', ledgerId: 11, name: 'tower', device: 'cuda' }
const EXPIRES = { expiresAtMs: NOW_MS + 1 }

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

function setup(overrides: Partial<PairingProgressRouteDeps> = {}) {
  const route = pairingProgressRoute({
    authenticate: async (authorization) =>
      authorization === 'owner' || authorization === 'key'
        ? { ok: true, caller: { accountId: 7, keyId: authorization === 'key' ? 3 : undefined } }
        : { ok: false, reason: 'missing' },
    nowMs: () => NOW_MS,
    findPairingCode: fakeless('findPairingCode'),
    findLiveModels: fakeless('findLiveModels'),
    readEarnedEver: fakeless('readEarnedEver'),
    ...overrides,
  })
  return async (id = ID, authorization = 'owner') => {
    const response = await route.request(`/v1/pairing-codes/${id}`, { headers: { authorization } })
    const json = await response.json()
    return { status: response.status, json, progress: pairingProgressSchema.safeParse(json).data }
  }
}

test('a code waits until it is over', async () => {
  const request = setup({
    findPairingCode: async () => ({ ...EXPIRES, isSpent: false, runner: undefined }),
  })
  expect((await request()).progress).toEqual({
    state: 'waiting',
    expires_at_ms: NOW_MS + 1,
    runner: null,
  })
  const late = setup({
    findPairingCode: async () => ({ expiresAtMs: NOW_MS, isSpent: false, runner: undefined }),
  })
  expect((await late()).progress).toMatchObject({ state: 'expired', runner: null })
})
test('a paired runner shows step by step: known, connected, paid', async () => {
  const live = new Map<string, readonly string[]>()
  let ever = { jobs: 0, earned: nano(0n) }
  const readEarnedEver = vi.fn(async () => ever)
  const request = setup({
    // Its ten minutes are over, and it was spent in time.
    findPairingCode: async () => ({ expiresAtMs: NOW_MS - 1, isSpent: true, runner: RUNNER }),
    findLiveModels: async () => live,
    readEarnedEver,
  })
  const known = { id: 'run_1', name: 'tower', device: 'cuda', online: false, models: [] }
  expect((await request()).progress).toEqual({
    state: 'paired',
    expires_at_ms: NOW_MS - 1,
    runner: { ...known, jobs_done: 0, earned_nano: '0' },
  })
  live.set('run_1', ['silkworm'])
  ever = { jobs: 1, earned: nano(42n) }
  expect((await request()).progress?.runner).toEqual({
    ...known,
    online: true,
    models: ['silkworm'],
    jobs_done: 1,
    earned_nano: '42',
  })
  expect(readEarnedEver).toHaveBeenCalledWith(11)
})
test('a runner that was removed again is not shown', async () => {
  const request = setup({ findPairingCode: async () => ({ ...EXPIRES, isSpent: true, runner: undefined }) })
  expect((await request()).progress).toMatchObject({ state: 'paired', runner: null })
})
test('only the account that asked for a code can watch it, by its id and nothing else', async () => {
  const findPairingCode = vi.fn(async () => undefined)
  const request = setup({ findPairingCode })
  expect(await request()).toMatchObject({ status: 404, json: { error: { code: 'pairing_code_not_found' } } })
  expect(findPairingCode).toHaveBeenCalledExactlyOnceWith({ accountId: 7, id: ID })
  for (const id of ['K7QM-29XF', ID.slice(1), `${ID}0`, ID.toUpperCase()]) {
    expect((await request(id)).status).toBe(404)
  }
  expect(findPairingCode).toHaveBeenCalledOnce()
})
test('an API key does not watch a pairing', async () => {
  expect((await setup()(ID, 'key')).status).toBe(403)
  expect((await setup()(ID, '')).status).toBe(401)
})
