import { expect, test, vi } from 'vitest'
import { createdKeySchema, keyListSchema, keySchema } from '../../../protocol/src/accounts/api-keys.ts'
import { pairingCodeResponseSchema } from '../../../protocol/src/accounts/runners.ts'
import { sessionResponseSchema } from '../../../protocol/src/accounts/session.ts'
import { NANO_MAX, nano } from '../../../protocol/src/money.ts'
import { type AccountsRouteDeps, accountsRoute } from './accounts-route.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const API_KEY = {
  id: 3,
  name: 'laptop',
  prefix: 'sk-shq-abcd',
  limitDay: nano(5n),
  limitMonth: null,
  held: nano(0n),
  spent: nano(NANO_MAX),
  spentDay: nano(1n),
  spentMonth: nano(2n),
  createdAt: NOW_MS,
  lastUsedAt: null,
}

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

/** `session` and `key` are the two bearer tokens that these fakes know. */
function setup(overrides: Partial<AccountsRouteDeps> = {}) {
  const route = accountsRoute({
    authenticate: async (authorization) => {
      if (authorization === undefined) return { ok: false, reason: 'missing' }
      if (authorization === 'session') {
        return { ok: true, caller: { accountId: 7, keyId: undefined }, telegramId: 4242 }
      }
      if (authorization === 'key') return { ok: true, caller: { accountId: 7, keyId: 3 } }
      return { ok: false, reason: 'unknown' }
    },
    checkInitData: fakeless('checkInitData'),
    findOrCreateAccount: fakeless('findOrCreateAccount'),
    signSession: fakeless('signSession'),
    readBalance: fakeless('readBalance'),
    createApiKey: fakeless('createApiKey'),
    listApiKeys: fakeless('listApiKeys'),
    updateApiKey: fakeless('updateApiKey'),
    revokeApiKey: fakeless('revokeApiKey'),
    createPairingCode: fakeless('createPairingCode'),
    pairingCommand: fakeless('pairingCommand'),
    ...overrides,
  })
  return async (method: string, path: string, authorization?: string, body?: unknown) => {
    const response = await route.request(path, {
      method,
      headers: authorization === undefined ? {} : { authorization },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    expect(response.headers.get('cache-control')).toBe('no-store')
    return { status: response.status, headers: response.headers, json: await response.json() }
  }
}

test('initData is exchanged for a session with the balance', async () => {
  const findOrCreateAccount = vi.fn(async () => ({ id: 7 }))
  const request = setup({
    checkInitData: async () => ({ ok: true, telegramId: 4242, languageCode: 'ar' }),
    findOrCreateAccount,
    signSession: async () => ({ token: 'a.b.c', expiresAtMs: NOW_MS + 3_600_000 }),
    readBalance: async () => ({ available: nano(50_000_000n), held: nano(0n) }),
  })
  const { status, json } = await request('POST', '/v1/session', undefined, { init_data: 'raw' })
  expect(status).toBe(200)
  expect(sessionResponseSchema.parse(json)).toEqual({
    token: 'a.b.c',
    expires_at: (NOW_MS + 3_600_000) / 1000,
    account: { id: 7, available_nano: '50000000', held_nano: '0' },
  })
  expect(findOrCreateAccount).toHaveBeenCalledExactlyOnceWith(4242)
})

test.for([
  ['forged', 401, 'forged_init_data'],
  ['expired', 401, 'expired_init_data'],
  ['not-yet-valid', 401, 'not_yet_valid_init_data'],
  ['malformed', 400, 'malformed_init_data'],
] as const)(
  'initData that is %s is refused with its reason and makes no account',
  async ([reason, status, code]) => {
    const request = setup({ checkInitData: async () => ({ ok: false, reason }) })
    const answer = await request('POST', '/v1/session', undefined, { init_data: 'raw' })
    expect(answer.status).toBe(status)
    expect(answer.json).toMatchObject({ error: { code, param: 'init_data' } })
  },
)

test('a login without initData, with too long one, or with no JSON checks nothing', async () => {
  const request = setup()
  expect(await request('POST', '/v1/session', undefined, {})).toMatchObject({
    status: 400,
    json: { error: { code: 'invalid_value', param: 'init_data', type: 'invalid_request_error' } },
  })
  expect((await request('POST', '/v1/session', undefined, { init_data: 'x'.repeat(8193) })).status).toBe(400)
  expect(await request('POST', '/v1/session', undefined, '{"init_data"')).toMatchObject({
    status: 400,
    json: { error: { code: 'invalid_json' } },
  })
  expect(await request('POST', '/v1/session', undefined, { init_data: 'x'.repeat(70_000) })).toMatchObject({
    status: 413,
    json: { error: { code: 'request_too_large' } },
  })
})

test('a login to an account that is gone is refused', async () => {
  const request = setup({
    checkInitData: async () => ({ ok: true, telegramId: 4242, languageCode: 'ar' }),
    findOrCreateAccount: async () => ({ id: 7 }),
    signSession: async () => ({ token: 'a.b.c', expiresAtMs: NOW_MS }),
    readBalance: async () => undefined,
  })
  expect(await request('POST', '/v1/session', undefined, { init_data: 'raw' })).toMatchObject({
    status: 401,
    json: { error: { code: 'account_gone' } },
  })
})

const PROTECTED = [
  ['GET', '/v1/keys'],
  ['POST', '/v1/keys'],
  ['PATCH', '/v1/keys/3'],
  ['DELETE', '/v1/keys/3'],
  ['POST', '/v1/pairing-codes'],
] as const

test.for(PROTECTED)('%s %s needs to know who calls', async ([method, path]) => {
  const request = setup()
  const missing = await request(method, path)
  expect(missing).toMatchObject({
    status: 401,
    json: { error: { code: 'missing_credentials', param: null } },
  })
  expect(missing.headers.get('www-authenticate')).toBe('Bearer')
  expect(await request(method, path, 'nonsense')).toMatchObject({
    status: 401,
    json: { error: { code: 'invalid_api_key' } },
  })
})

test.for(PROTECTED.slice(0, 4))(
  '%s %s takes a session: a key cannot make or see keys',
  async ([method, path]) => {
    const answer = await setup()(method, path, 'key')
    expect(answer).toMatchObject({
      status: 403,
      json: { error: { code: 'session_needed' } },
    })
  },
)

test('a new key is shown once, with its limits', async () => {
  const createApiKey = vi.fn(async () => ({ ok: true as const, key: 'sk-shq-whole', apiKey: API_KEY }))
  const request = setup({ createApiKey, listApiKeys: async () => [API_KEY] })
  const body = { name: 'laptop', limit_day_nano: '5' }
  const { status, json } = await request('POST', '/v1/keys', 'session', body)
  expect(status).toBe(201)
  expect(createdKeySchema.parse(json)).toMatchObject({ id: 3, key: 'sk-shq-whole', limit_day_nano: '5' })
  expect(createApiKey).toHaveBeenCalledExactlyOnceWith({
    accountId: 7,
    name: 'laptop',
    limitDay: 5n,
    limitMonth: null,
  })
  const list = (await request('GET', '/v1/keys', 'session')).json
  expect(keyListSchema.parse(list).data).toMatchObject([
    { id: 3, prefix: 'sk-shq-abcd', spent_nano: '9007199254740991' },
  ])
  expect(JSON.stringify(list)).not.toContain('sk-shq-whole')
})

test('the 51st key is refused', async () => {
  const request = setup({ createApiKey: async () => ({ ok: false, reason: 'too-many-keys' }) })
  expect(await request('POST', '/v1/keys', 'session', { name: 'more' })).toMatchObject({
    status: 409,
    json: { error: { code: 'too_many_keys' } },
  })
})

test.for(['1.5', '-1', '"1e3"', '9007199254740992', '"9007199254740992"', 'true', '{}', '"ten"'])(
  'a limit of %s is refused by its name',
  async (limit) => {
    const request = setup()
    for (const [method, path] of [
      ['POST', '/v1/keys'],
      ['PATCH', '/v1/keys/3'],
    ] as const) {
      const answer = await request(method, path, 'session', `{"name":"x","limit_month_nano":${limit}}`)
      expect(answer).toMatchObject({
        status: 400,
        json: { error: { code: 'invalid_value', param: 'limit_month_nano' } },
      })
      expect(JSON.stringify(answer.json)).toContain('whole number of nanoTON')
    }
  },
)

test('a misspelt field is named instead of ignored', async () => {
  expect(await setup()('PATCH', '/v1/keys/3', 'session', { limit_dya_nano: 5 })).toMatchObject({
    status: 400,
    json: { error: { code: 'unknown_parameter', param: 'limit_dya_nano' } },
  })
})

test('an edit changes what it names and leaves the rest', async () => {
  const updateApiKey = vi.fn(async () => API_KEY)
  const request = setup({ updateApiKey })
  const { status, json } = await request('PATCH', '/v1/keys/3', 'session', { limit_day_nano: null })
  expect(status).toBe(200)
  expect(keySchema.parse(json).id).toBe(3)
  expect(updateApiKey).toHaveBeenCalledExactlyOnceWith({
    accountId: 7,
    keyId: 3,
    change: { name: undefined, limitDay: null, limitMonth: undefined },
  })
})

test('a key that is not there can be neither changed nor revoked, whatever its id looks like', async () => {
  const request = setup({ updateApiKey: async () => undefined, revokeApiKey: async () => false })
  for (const id of ['3', '0', '-1', '1e3', 'abc', '9'.repeat(30)]) {
    for (const method of ['PATCH', 'DELETE']) {
      expect(await request(method, `/v1/keys/${id}`, 'session', {})).toMatchObject({
        status: 404,
        json: { error: { code: 'key_not_found' } },
      })
    }
  }
})

test('a key is revoked', async () => {
  const revokeApiKey = vi.fn(async () => true)
  const { status, json } = await setup({ revokeApiKey })('DELETE', '/v1/keys/3', 'session')
  expect({ status, json }).toEqual({ status: 200, json: { id: 3, deleted: true } })
  expect(revokeApiKey).toHaveBeenCalledExactlyOnceWith({ accountId: 7, keyId: 3 })
})

test('a pairing code comes with the command to type, for a key and for a session', async () => {
  const request = setup({
    createPairingCode: async () => ({
      ok: true,
      id: '0123456789abcdef',
      code: 'K7QM-29XF',
      expiresAtMs: NOW_MS + 600_000,
    }),
    pairingCommand: ({ code, origin }) => `run ${code} ${origin}`,
  })
  for (const who of ['key', 'session']) {
    const { status, json } = await request('POST', '/v1/pairing-codes', who)
    expect(status).toBe(201)
    expect(pairingCodeResponseSchema.parse(json)).toEqual({
      id: '0123456789abcdef',
      code: 'K7QM-29XF',
      expires_at: (NOW_MS + 600_000) / 1000,
      command: 'run K7QM-29XF http://localhost',
    })
  }
})

test('an account that is gone gets no pairing code', async () => {
  const request = setup({ createPairingCode: async () => ({ ok: false, reason: 'account-gone' }) })
  expect(await request('POST', '/v1/pairing-codes', 'session')).toMatchObject({
    status: 401,
    json: { error: { code: 'account_gone' } },
  })
})
