import { expect, test, vi } from 'vitest'
import { requestLogSchema } from '../../../protocol/src/miniapp/requests.ts'
import { type RequestLogRouteDeps, requestLogRoute } from './request-log-route.ts'
import type { LoggedRequest } from './request-log-store.ts'

const T = Date.UTC(2026, 10, 22, 12)
const ID = `job_${'0'.repeat(25)}`
const REQUEST: LoggedRequest = {
  id: ID,
  kind: 'chat',
  model: 'silkworm',
  tier: 'own',
  state: 'done',
  reason: null,
  keyName: 'laptop',
  promptTokens: 12,
  completionTokens: 40,
  charge: Number.MAX_SAFE_INTEGER,
  createdAt: T,
  firstDeltaAt: T + 210,
  endedAt: T + 1900,
}

/** `session` and `key` are the two bearer tokens that these fakes know. */
function setup(listRequests: RequestLogRouteDeps['listRequests']) {
  const route = requestLogRoute({
    authenticate: async (authorization) => {
      if (authorization === 'session') return { ok: true, caller: { accountId: 7, keyId: undefined } }
      if (authorization === 'key') return { ok: true, caller: { accountId: 7, keyId: 3 } }
      return { ok: false, reason: 'missing' }
    },
    listRequests,
  })
  return async (query = '', authorization = 'session') => {
    const response = await route.request(`/v1/requests${query}`, { headers: { authorization } })
    expect(response.headers.get('cache-control')).toBe('no-store')
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }
}
const never = () => {
  throw new Error('give a fake for listRequests')
}

test('a log is for who has a key or a session', async () => {
  const listRequests = vi.fn(async () => ({ requests: [], next: undefined }))
  const request = setup(listRequests)
  expect((await request('', '')).status).toBe(401)
  expect(listRequests).not.toHaveBeenCalled()
  expect((await request('', 'key')).status).toBe(200)
  expect((await request('', 'session')).json).toEqual({ data: [], next_cursor: null })
  expect(listRequests).toHaveBeenLastCalledWith({
    accountId: 7,
    keyId: undefined,
    limit: 50,
    below: undefined,
  })
})

test('a request is told with its times since it came, and no digit of its cost is lost', async () => {
  const { json } = await setup(async () => ({ requests: [REQUEST], next: ID }))()
  expect(requestLogSchema.parse(json)).toEqual({
    data: [
      {
        id: ID,
        kind: 'chat',
        model: 'silkworm',
        tier: 'own',
        state: 'done',
        reason: null,
        key_name: 'laptop',
        prompt_tokens: 12,
        completion_tokens: 40,
        charge_nano: '9007199254740991',
        created_at_ms: T,
        first_delta_ms: 210,
        took_ms: 1900,
      },
    ],
    next_cursor: ID,
  })
})

test('what has not happened yet has no time, and a clock that went back gives 0', async () => {
  const requests: LoggedRequest[] = [
    { ...REQUEST, state: 'running', firstDeltaAt: null, endedAt: null },
    { ...REQUEST, firstDeltaAt: T - 5, endedAt: T - 1 },
  ]
  const { json } = await setup(async () => ({ requests, next: undefined }))()
  expect(json.data).toMatchObject([
    { first_delta_ms: null, took_ms: null },
    { first_delta_ms: 0, took_ms: 0 },
  ])
})

test('a cursor and a key are given on', async () => {
  const listRequests = vi.fn(async () => ({ requests: [], next: undefined }))
  const request = setup(listRequests)
  await request(`?cursor=${ID}&limit=3&key=12`)
  await request('?cursor=job_01j')
  expect(listRequests.mock.calls).toEqual([
    [{ accountId: 7, keyId: 12, limit: 3, below: ID }],
    [{ accountId: 7, keyId: undefined, limit: 50, below: 'job_01j' }],
  ])
})

test.each([
  ['?cursor=nonsense', 'wrong_cursor', 'cursor'],
  ['?cursor=job_%60', 'wrong_cursor', 'cursor'],
  [`?cursor=job_${'0'.repeat(26)}`, 'wrong_cursor', 'cursor'],
  [`?cursor=${'x'.repeat(65)}`, 'invalid_value', 'cursor'],
  ['?limit=0', 'invalid_value', 'limit'],
  ['?limit=101', 'invalid_value', 'limit'],
  ['?key=0', 'invalid_value', 'key'],
  ['?key=mine', 'invalid_value', 'key'],
  ['?body=1', 'unknown_parameter', 'body'],
])('GET /v1/requests%s is refused, and the field is named', async (query, code, param) => {
  const { status, json } = await setup(never)(query)
  expect([status, json]).toMatchObject([400, { error: { code, param } }])
})
