import { expect, test, vi } from 'vitest'
import { ownedRunnerListSchema } from '../../../protocol/src/accounts/runners.ts'
import type { RunnerId } from '../../../protocol/src/ids.ts'
import { nano } from '../../../protocol/src/money.ts'
import { pairResponseSchema } from '../../../protocol/src/runner/pairing.ts'
import type { SetAudienceResult } from './audience-store.ts'
import { createGuessLimit } from './guess-limit.ts'
import type { OwnedRunner, PairResult } from './runner-store.ts'
import { type RunnersRouteDeps, runnersRoute } from './runners-route.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const PAIRING = { code: 'K7QM-29XF', publicKey: 'A'.repeat(43), name: 'tower', signature: 'B'.repeat(86) }
const TOWER: OwnedRunner = {
  runnerId: 'run_1',
  accountId: 7,
  ledgerId: 2 ** 40,
  publicKey: PAIRING.publicKey,
  name: 'tower',
  state: 'active',
  audience: 'everyone',
  groupId: null,
  createdAt: NOW_MS,
  earned: nano(1295n),
  earnedToday: nano(300n),
}

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

function setup(overrides: Partial<RunnersRouteDeps> = {}) {
  const route = runnersRoute({
    authenticate: async (authorization) =>
      authorization === 'owner'
        ? { ok: true, caller: { accountId: 7, keyId: undefined } }
        : { ok: false, reason: authorization === undefined ? 'missing' : 'unknown' },
    guessLimit: createGuessLimit({ nowMs: () => NOW_MS }),
    checkPairing: async ({ publicKey, name }) => ({
      ok: true,
      runnerId: 'run_1' as RunnerId,
      codeHash: 'hash',
      publicKey,
      name,
    }),
    pairRunner: fakeless('pairRunner'),
    listRunners: fakeless('listRunners'),
    findLiveModels: async () => new Map(),
    renameRunner: fakeless('renameRunner'),
    setRunnerAudience: fakeless('setRunnerAudience'),
    setRunnerState: fakeless('setRunnerState'),
    ...overrides,
  })
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await route.request(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, json: await response.json() }
  }
}
const OWNER = { authorization: 'owner' }
const from = (address: string) => ({ 'cf-connecting-ip': address })

test('a runner that pairs learns its id and its name', async () => {
  const pairRunner = vi.fn(async (): Promise<PairResult> => ({ ok: true, runnerId: 'run_1', name: 'tower' }))
  const { status, json } = await setup({ pairRunner })('POST', '/v1/runners/pair', PAIRING)
  expect(status).toBe(200)
  expect(pairResponseSchema.parse(json)).toEqual({ runnerId: 'run_1', name: 'tower' })
  expect(pairRunner).toHaveBeenCalledOnce()
})

test('a bad signature is refused before any code is looked at', async () => {
  const request = setup({ checkPairing: async () => ({ ok: false, reason: 'bad-signature' }) })
  expect(await request('POST', '/v1/runners/pair', PAIRING)).toMatchObject({
    status: 403,
    json: { error: { code: 'bad_signature', param: 'signature' } },
  })
})

test.for([
  ['unknown-code', 404],
  ['used-code', 409],
  ['belongs-to-another-account', 409],
] as const)('a pairing refused as %s says so', async ([reason, status]) => {
  const request = setup({ pairRunner: async () => ({ ok: false, reason }) })
  expect(await request('POST', '/v1/runners/pair', PAIRING)).toMatchObject({
    status,
    json: { error: { code: reason.replaceAll('-', '_'), param: 'code' } },
  })
})

test('a wrong field, no JSON and a large body are refused by name', async () => {
  const request = setup()
  expect(await request('POST', '/v1/runners/pair', { ...PAIRING, code: 'K7QM-29X0' })).toMatchObject({
    status: 400,
    json: { error: { code: 'invalid_value', param: 'code' } },
  })
  expect(await request('POST', '/v1/runners/pair', '{')).toMatchObject({
    status: 400,
    json: { error: { code: 'invalid_json' } },
  })
  expect((await request('POST', '/v1/runners/pair', 'x'.repeat(70_000))).status).toBe(413)
})

test('the eleventh wrong guess of an address in a minute reaches no database', async () => {
  const pairRunner = vi.fn(async (): Promise<PairResult> => ({ ok: false, reason: 'unknown-code' }))
  const request = setup({ pairRunner })
  for (let i = 0; i < 10; i++) {
    expect((await request('POST', '/v1/runners/pair', PAIRING, from('192.0.2.1'))).status).toBe(404)
  }
  const refused = await request('POST', '/v1/runners/pair', PAIRING, from('192.0.2.1'))
  expect(refused).toMatchObject({ status: 429, json: { error: { code: 'too_many_guesses' } } })
  expect(refused.headers.get('retry-after')).toBe('6')
  expect(pairRunner).toHaveBeenCalledTimes(10)
  expect((await request('POST', '/v1/runners/pair', PAIRING, from('192.0.2.2'))).status).toBe(404)
})

test('20 machines of one address pair in one go', async () => {
  const request = setup({ pairRunner: async () => ({ ok: true, runnerId: 'run_1', name: 'tower' }) })
  for (let i = 0; i < 20; i++) {
    expect((await request('POST', '/v1/runners/pair', PAIRING, from('192.0.2.1'))).status).toBe(200)
  }
})

test('an owner sees the runners, what they earned, and which are online', async () => {
  const request = setup({
    listRunners: async () => [TOWER, { ...TOWER, runnerId: 'run_2', state: 'paused' }],
    findLiveModels: async () => new Map([['run_1', ['silkworm']]]),
  })
  const { status, json } = await request('GET', '/v1/runners', undefined, OWNER)
  expect(status).toBe(200)
  expect(ownedRunnerListSchema.parse(json).data).toEqual([
    {
      id: 'run_1',
      name: 'tower',
      state: 'active',
      online: true,
      models: ['silkworm'],
      earned_nano: '1295',
      earned_today_nano: '300',
      created_at: NOW_MS / 1000,
    },
    expect.objectContaining({ id: 'run_2', state: 'paused', online: false, models: [] }),
  ])
})

test('an owner renames and pauses a runner in one request', async () => {
  const renameRunner = vi.fn(async () => true)
  const setRunnerState = vi.fn(async () => true)
  const listRunners = async () => [{ ...TOWER, name: 'attic', state: 'paused' as const }]
  const request = setup({ renameRunner, setRunnerState, listRunners })
  const { status, json } = await request(
    'PATCH',
    '/v1/runners/run_1',
    { name: 'attic', state: 'paused' },
    OWNER,
  )
  expect(status).toBe(200)
  expect(json).toMatchObject({ id: 'run_1', name: 'attic', state: 'paused' })
  const own = { accountId: 7, runnerId: 'run_1' }
  expect(renameRunner).toHaveBeenCalledExactlyOnceWith(own, 'attic')
  expect(setRunnerState).toHaveBeenCalledExactlyOnceWith(own, 'paused')
})

test('an owner says whose jobs a runner takes, and a group is named exactly when it is one', async () => {
  const setRunnerAudience = vi.fn(async (): Promise<SetAudienceResult> => ({ ok: true }))
  const renameRunner = vi.fn(async () => true)
  const request = setup({ setRunnerAudience, renameRunner, listRunners: async () => [TOWER] })
  const own = { accountId: 7, runnerId: 'run_1' }
  const path = '/v1/runners/run_1'
  expect((await request('PATCH', path, { audience: 'own' }, OWNER)).status).toBe(200)
  expect(setRunnerAudience).toHaveBeenLastCalledWith(own, { audience: 'own' })
  expect((await request('PATCH', path, { audience: 'group', group_id: 'g' }, OWNER)).status).toBe(200)
  expect(setRunnerAudience).toHaveBeenLastCalledWith(own, { audience: 'group', groupId: 'g' })
  for (const body of [{ audience: 'group' }, { audience: 'own', group_id: 'g' }, { group_id: 'g' }]) {
    expect(await request('PATCH', path, { ...body, name: 'attic' }, OWNER)).toMatchObject({
      status: 400,
      json: { error: { code: 'invalid_value', param: 'group_id' } },
    })
  }
  expect((await request('PATCH', path, { audience: 'friends' }, OWNER)).status).toBe(400)
  expect(setRunnerAudience).toHaveBeenCalledTimes(2)
  expect(renameRunner).not.toHaveBeenCalled()
})

test('a runner is shared with no group that its owner is not in, and nothing else changes then', async () => {
  const renameRunner = vi.fn(async () => true)
  const share = { audience: 'group', group_id: 'g', name: 'attic' }
  const foreign = setup({
    renameRunner,
    setRunnerAudience: async () => ({ ok: false, reason: 'group-not-found' }),
  })
  expect(await foreign('PATCH', '/v1/runners/run_1', share, OWNER)).toMatchObject({
    status: 404,
    json: { error: { code: 'group_not_found', param: 'group_id' } },
  })
  const missing = setup({
    renameRunner,
    setRunnerAudience: async () => ({ ok: false, reason: 'runner-not-found' }),
  })
  expect(await missing('PATCH', '/v1/runners/run_9', share, OWNER)).toMatchObject({
    status: 404,
    json: { error: { code: 'runner_not_found' } },
  })
  expect(renameRunner).not.toHaveBeenCalled()
})

test('a runner is removed by DELETE and by nothing else', async () => {
  const setRunnerState = vi.fn(async () => true)
  const request = setup({ setRunnerState })
  expect((await request('PATCH', '/v1/runners/run_1', { state: 'removed' }, OWNER)).status).toBe(400)
  expect(setRunnerState).not.toHaveBeenCalled()
  const { status, json } = await request('DELETE', '/v1/runners/run_1', undefined, OWNER)
  expect({ status, json }).toEqual({ status: 200, json: { id: 'run_1', deleted: true } })
  expect(setRunnerState).toHaveBeenCalledExactlyOnceWith({ accountId: 7, runnerId: 'run_1' }, 'removed')
})

test.for(['PATCH', 'DELETE'])('an API key that leaked cannot take a runner away by %s', async (method) => {
  const setRunnerState = vi.fn(async () => true)
  const authenticate = async () => ({ ok: true as const, caller: { accountId: 7, keyId: 3 } })
  const request = setup({ authenticate, setRunnerState })
  const { status, json } = await request(method, '/v1/runners/run_1', { state: 'paused' }, OWNER)
  expect([status, json]).toMatchObject([403, { error: { code: 'session_needed' } }])
  expect(setRunnerState).not.toHaveBeenCalled()
})

test("another's runner answers as one that does not exist", async () => {
  const request = setup({
    renameRunner: async () => false,
    setRunnerState: async () => false,
    listRunners: async () => [TOWER],
  })
  const missing = { status: 404, json: { error: { code: 'runner_not_found' } } }
  expect(await request('PATCH', '/v1/runners/run_9', { name: 'x' }, OWNER)).toMatchObject(missing)
  expect(await request('PATCH', '/v1/runners/run_9', { state: 'paused' }, OWNER)).toMatchObject(missing)
  expect(await request('PATCH', '/v1/runners/run_9', {}, OWNER)).toMatchObject(missing)
  expect(await request('DELETE', '/v1/runners/run_9', undefined, OWNER)).toMatchObject(missing)
})

test.for([
  ['GET', '/v1/runners'],
  ['PATCH', '/v1/runners/run_1'],
  ['DELETE', '/v1/runners/run_1'],
] as const)('%s %s needs to know who calls', async ([method, path]) => {
  const request = setup()
  expect(await request(method, path)).toMatchObject({
    status: 401,
    json: { error: { code: 'missing_credentials' } },
  })
  expect(await request(method, path, undefined, { authorization: 'x' })).toMatchObject({ status: 401 })
})
