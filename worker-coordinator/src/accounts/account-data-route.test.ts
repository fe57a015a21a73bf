import { expect, test, vi } from 'vitest'
import { nano } from '../../../protocol/src/money.ts'
import type { Money } from '../billing/billing-store.ts'
import type { StatementLine } from '../billing/statement.ts'
import { type AccountDataRouteDeps, accountDataRoute } from './account-data-route.ts'
import { EXPORT_ROWS_MAX } from './account-data-store.ts'
import { createRateLimit } from './rate-limit.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const NOTHING: Money = {
  available: nano(50n),
  held: nano(0n),
  withdrawable: nano(0n),
  accruing: nano(0n),
  payable: nano(0n),
}
const ACCOUNT = { number: 7, telegramId: 42, createdAt: NOW_MS }
const line = (id: string): StatementLine => ({
  id,
  kind: 'deposit',
  place: 'balance',
  amount: -5n,
  counterpart: '',
  subject: null,
  atMs: NOW_MS,
})

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

/** `session` and `key` are the two bearer tokens that these fakes know. */
function setup(overrides: Partial<AccountDataRouteDeps> = {}) {
  const done: string[] = []
  const route = accountDataRoute({
    authenticate: async (authorization) => {
      if (authorization === 'session') return { ok: true, caller: { accountId: 7, keyId: undefined } }
      if (authorization === 'key') return { ok: true, caller: { accountId: 7, keyId: 3 } }
      return { ok: false, reason: 'missing' }
    },
    nowMs: () => NOW_MS,
    takeExport: createRateLimit({ perMinute: 2, nowMs: () => NOW_MS }),
    readAccountData: async () => ({ account: ACCOUNT }),
    readMoney: async () => NOTHING,
    readStatement: fakeless('readStatement'),
    listRequests: fakeless('listRequests'),
    readConversations: fakeless('readConversations'),
    forgetConversations: async (telegramId) => void done.push(`forget ${telegramId}`),
    deleteAccount: async (accountId) => void done.push(`delete ${accountId}`),
    ...overrides,
  })
  const ask = async (method: string, path: string, body?: unknown, authorization = 'session') => {
    const response = await route.request(path, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (response.status < 500) expect(response.headers.get('cache-control')).toBe('no-store')
    const json = (await response.json().catch(() => ({}))) as Record<string, unknown> & {
      error?: { code: string }
    }
    return { status: response.status, json, code: json.error?.code }
  }
  return { ask, done }
}
const complete = {
  readStatement: async () => ({ lines: [line('a')], next: undefined }),
  listRequests: async () => ({ requests: [], next: undefined }),
  readConversations: async () => [{ topic: undefined, messages: [{ role: 'user' as const, text: 'hello' }] }],
}

test('a person gets everything in one piece: names as the API writes them, amounts as text', async () => {
  const { ask } = setup({
    ...complete,
    readAccountData: async () => ({ account: ACCOUNT, apiKeys: [{ id: 3, limitDay: nano(9n), name: 'k' }] }),
  })
  const { status, json } = await ask('GET', '/v1/account/export')
  expect(status).toBe(200)
  expect(json).toMatchObject({
    format: 'sharnaqa-account',
    made_at: NOW_MS,
    cut: [],
    account: { number: 7, telegram_id: 42 },
    api_keys: [{ id: 3, limit_day: '9', name: 'k' }],
    money: { available: '50' },
    requests: [],
    ledger: [{ id: 'a', amount: '-5', at_ms: NOW_MS }],
    conversations: [{ topic: null, messages: [{ role: 'user', text: 'hello' }] }],
  })
})

test('all pages are read, and a list that goes on for too long is cut and named', async () => {
  const readStatement = vi.fn(async ({ before }: { before: { atMs: number } | undefined }) => ({
    lines: [line('x')],
    next: { id: 'x', atMs: (before?.atMs ?? 0) + 1, place: '' as const },
  }))
  const readAccountData = async () => ({
    account: ACCOUNT,
    runnerPresence: Array.from({ length: EXPORT_ROWS_MAX }, () => ({})),
    stars: [],
  })
  const { ask } = setup({ ...complete, readStatement, readAccountData })
  const { json } = await ask('GET', '/v1/account/export')
  expect(json.cut).toEqual(['runner_presence', 'ledger'])
  expect(readStatement.mock.calls.at(-1)?.[0].before?.atMs).toBe(24)
})

test('a copy is for a session, and not made over and over', async () => {
  const { ask } = setup(complete)
  expect((await ask('GET', '/v1/account/export', undefined, '')).status).toBe(401)
  expect((await ask('GET', '/v1/account/export', undefined, 'key')).code).toBe('session_needed')
  await ask('GET', '/v1/account/export')
  await ask('GET', '/v1/account/export')
  expect(await ask('GET', '/v1/account/export')).toMatchObject({ status: 429, code: 'rate_limit_exceeded' })
})

test('leaving forgets what was said first, then the person', async () => {
  const { ask, done } = setup()
  expect(await ask('DELETE', '/v1/account')).toMatchObject({ status: 200, json: { deleted: true } })
  expect(done).toEqual(['forget 42', 'delete 7'])
})

test('where what was said cannot be forgotten, the account stays, so that it can be tried again', async () => {
  const { ask, done } = setup({ forgetConversations: () => Promise.reject(new Error('down')) })
  expect((await ask('DELETE', '/v1/account')).status).toBe(500)
  expect(done).toEqual([])
})

test.each([
  ['withdrawable', { withdrawable: nano(10n) }],
  ['payable', { payable: nano(10n) }],
  ['accruing', { accruing: nano(10n) }],
])(
  'own coins that are %s are not lost by a tap: they leave first, or are given up by their amount',
  async (_, coins) => {
    const { ask, done } = setup({ readMoney: async () => ({ ...NOTHING, ...coins }) })
    expect(await ask('DELETE', '/v1/account')).toMatchObject({ status: 409, code: 'coins_left' })
    expect((await ask('DELETE', '/v1/account', { give_up_nano: '9' })).code).toBe('coins_left')
    expect(done).toEqual([])
    expect((await ask('DELETE', '/v1/account', { give_up_nano: '10' })).status).toBe(200)
    expect(done).toEqual(['forget 42', 'delete 7'])
  },
)

test('an account that is gone has no copy and cannot go again', async () => {
  const { ask, done } = setup({ ...complete, readAccountData: async () => undefined })
  expect((await ask('GET', '/v1/account/export')).code).toBe('account_gone')
  expect((await ask('DELETE', '/v1/account')).code).toBe('account_gone')
  expect(done).toEqual([])
})

test.each([
  ['an API key', undefined, 'key', 403],
  ['nobody', undefined, '', 401],
  ['an amount that is none', { give_up_nano: '-1' }, 'session', 400],
  ['a field that there is not', { force: true }, 'session', 400],
])('%s deletes nothing', async (_, body, authorization, status) => {
  const { ask, done } = setup()
  expect((await ask('DELETE', '/v1/account', body, authorization)).status).toBe(status)
  expect(done).toEqual([])
})
