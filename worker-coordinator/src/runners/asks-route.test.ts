import { expect, test, vi } from 'vitest'
import { type AsksRouteDeps, asksRoute } from './asks-route.ts'

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

function setup(overrides: Partial<AsksRouteDeps> = {}) {
  const route = asksRoute({
    authenticate: async (authorization) =>
      authorization === 'owner' || authorization === 'key'
        ? { ok: true, caller: { accountId: 7, keyId: authorization === 'key' ? 3 : undefined } }
        : { ok: false, reason: 'missing' },
    setAsk: fakeless('setAsk'),
    deleteAsk: fakeless('deleteAsk'),
    ...overrides,
  })
  return async (method: 'PUT' | 'DELETE', path: string, body?: unknown, authorization = 'owner') => {
    const response = await route.request(path, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, json: await response.json() }
  }
}
const OWN = { accountId: 7, runnerId: 'run_1' }
const PRICE = { input: '20', output: '1000000000000' }

test.for([
  ['m', 'm'],
  ['llama3.2:3b', 'llama3.2:3b'],
  ['org/model:7b', 'org/model:7b'],
  ['org%2Fmodel%3A7b', 'org/model:7b'],
])('an owner sets a price of %s', async ([path, model]) => {
  const setAsk = vi.fn(async () => ({ ok: true as const }))
  expect(await setup({ setAsk })('PUT', `/v1/runners/run_1/asks/${path}`, PRICE)).toEqual({
    status: 200,
    json: { model, ask: PRICE, ask_by: 'owner' },
  })
  expect(setAsk).toHaveBeenCalledExactlyOnceWith(OWN, {
    model,
    ask: { input: 20, output: 1_000_000_000_000 },
  })
})
test('an owner gives a price back to the runner', async () => {
  const deleteAsk = vi.fn(async () => true)
  const request = setup({ deleteAsk })
  expect(await request('DELETE', '/v1/runners/run_1/asks/org/model')).toEqual({
    status: 200,
    json: { model: 'org/model', deleted: true },
  })
  expect(deleteAsk).toHaveBeenCalledExactlyOnceWith(OWN, 'org/model')
})
test.for([
  ['over 1000 TON', { input: '0', output: '1000000000001' }, 'output'],
  ['below nothing', { input: '-1', output: '0' }, 'input'],
  ['with a fraction', { input: '0.5', output: '0' }, 'input'],
  ['as a number', { input: 1, output: '0' }, 'input'],
  ['without one side', { input: '1' }, 'output'],
  ['with a field more', { ...PRICE, cached: '1' }, 'cached'],
] as const)('a price %s is refused by its field', async ([, body, param]) => {
  expect(await setup()('PUT', '/v1/runners/run_1/asks/m', body)).toMatchObject({
    status: 400,
    json: { error: { param } },
  })
})
test('what is no name of a model is refused', async () => {
  const request = setup()
  for (const path of ['-m', 'a%20b', `${'x'.repeat(97)}`]) {
    expect(await request('PUT', `/v1/runners/run_1/asks/${path}`, PRICE)).toMatchObject({
      status: 400,
      json: { error: { param: 'model' } },
    })
  }
})
test.for([
  ['runner-not-found', 404],
  ['too-many-asks', 409],
] as const)('%s answers %i', async ([reason, status]) => {
  const request = setup({ setAsk: async () => ({ ok: false, reason }), deleteAsk: async () => false })
  expect((await request('PUT', '/v1/runners/run_1/asks/m', PRICE)).status).toBe(status)
  expect((await request('DELETE', '/v1/runners/run_1/asks/m')).status).toBe(404)
})
test('an API key that leaked changes no price', async () => {
  const request = setup()
  for (const method of ['PUT', 'DELETE'] as const) {
    expect(await request(method, '/v1/runners/run_1/asks/m', undefined, 'key')).toMatchObject({
      status: 403,
      json: { error: { code: 'session_needed' } },
    })
    expect((await request(method, '/v1/runners/run_1/asks/m', undefined, '')).status).toBe(401)
  }
})
