import { expect, test, vi } from 'vitest'
import { moneySchema } from '../../../protocol/src/billing/balance.ts'
import { earningsSchema } from '../../../protocol/src/billing/earnings.ts'
import { transferPageSchema } from '../../../protocol/src/billing/transfers.ts'
import { usageSchema } from '../../../protocol/src/billing/usage.ts'
import { NANO_MAX, nano } from '../../../protocol/src/money.ts'
import { type BillingRouteDeps, billingRoute } from './billing-route.ts'
import type { Money } from './billing-store.ts'
import type { StatementLine } from './statement.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const MONEY: Money = {
  available: nano(NANO_MAX),
  held: nano(1n),
  withdrawable: nano(1_500_000_000n),
  accruing: nano(2_000_000n),
  payable: nano(0n),
}
const LINE: StatementLine = {
  id: '=cmd()',
  kind: 'payout',
  place: 'earnings',
  amount: -1_500_000_000n,
  counterpart: 'Payout, to "you"',
  subject: null,
  atMs: NOW_MS,
}

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

/** `session` and `key` are the two bearer tokens that these fakes know. */
function setup(overrides: Partial<BillingRouteDeps> = {}) {
  const route = billingRoute({
    authenticate: async (authorization) => {
      if (authorization === 'session') return { ok: true, caller: { accountId: 7, keyId: undefined } }
      if (authorization === 'key') return { ok: true, caller: { accountId: 7, keyId: 3 } }
      return { ok: false, reason: 'missing' }
    },
    nowMs: () => NOW_MS,
    matureMs: 86_400_000,
    readMoney: async () => MONEY,
    readUsage: fakeless('readUsage'),
    readStatement: fakeless('readStatement'),
    listRunnerEarnings: async () => [],
    listEarnedJobs: fakeless('listEarnedJobs'),
    spendEarnings: fakeless('spendEarnings'),
    ...overrides,
  })
  return async (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) => {
    const response = await route.request(path, {
      method,
      headers: { authorization: 'session', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    expect(response.headers.get('cache-control')).toBe('no-store')
    const text = await response.text()
    const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
    return { status: response.status, headers: response.headers, text, json }
  }
}

test.each(['/v1/balance', '/v1/usage', '/v1/transfers', '/v1/earnings'])(
  'GET %s is for who has a key or a session',
  async (path) => {
    expect((await setup()('GET', path, { authorization: '' })).status).toBe(401)
  },
)
test('a balance is told in nano and in TON, and no digit is lost', async () => {
  const { json } = await setup()('GET', '/v1/balance', { authorization: 'key' })
  expect(moneySchema.strict().parse(json)).toEqual({
    account: 7,
    available_nano: '9007199254740991',
    available_ton: '9007199 TON',
    held_nano: '1',
    held_ton: '0.000000001 TON',
    withdrawable_nano: '1500000000',
    withdrawable_ton: '1.5 TON',
    accruing_nano: '2000000',
    accruing_ton: '0.002 TON',
    payable_nano: '0',
    payable_ton: '0 TON',
  })
  expect((await setup({ readMoney: async () => undefined })('GET', '/v1/balance')).status).toBe(401)
})

test('usage is grouped and added up, and a group without a key is null', async () => {
  const readUsage = vi.fn(async () => [
    { group: 0, name: null, jobs: 2, promptTokens: 30, completionTokens: 4, charge: nano(5n) },
    { group: 12, name: 'laptop', jobs: 1, promptTokens: 1, completionTokens: 2, charge: nano(3n) },
  ])
  const { json } = await setup({ readUsage })('GET', '/v1/usage?group_by=key&from=2026-11-20&to=2026-11-22')
  const day = NOW_MS / 86_400_000 - 0.5
  expect(readUsage).toHaveBeenCalledExactlyOnceWith({
    accountId: 7,
    fromDay: day - 2,
    toDay: day,
    groupBy: 'key',
  })
  const usage = usageSchema.parse(json)
  expect(usage).toMatchObject({ from: '2026-11-20', to: '2026-11-22', group_by: 'key' })
  expect(usage.data.map(({ group, name }) => [group, name])).toEqual([
    [null, null],
    [12, 'laptop'],
  ])
  expect(usage.total).toEqual({
    jobs: 3,
    prompt_tokens: 31,
    completion_tokens: 6,
    charge_nano: '8',
    charge_ton: '0.000000008 TON',
  })
})
test('days are written as people write them', async () => {
  const readUsage = async () => [
    { group: 20_779, name: null, jobs: 1, promptTokens: 0, completionTokens: 0, charge: nano(0n) },
  ]
  const { json } = await setup({ readUsage })('GET', '/v1/usage')
  expect(usageSchema.parse(json).data[0]?.group).toBe('2026-11-22')
})
test.each([
  ['/v1/usage?from=2026-01-01&to=2026-11-01', 'wrong_range', 'from'],
  ['/v1/usage?from=yesterday', 'invalid_value', 'from'],
  ['/v1/usage?from=2026-02-30', 'invalid_value', 'from'],
  ['/v1/usage?group_by=colour', 'invalid_value', 'group_by'],
  ['/v1/usage?day=1', 'unknown_parameter', 'day'],
  ['/v1/transfers?limit=0', 'invalid_value', 'limit'],
  ['/v1/transfers?limit=201', 'invalid_value', 'limit'],
  ['/v1/transfers?cursor=nonsense', 'wrong_cursor', 'cursor'],
  ['/v1/earnings?jobs=101', 'invalid_value', 'jobs'],
])('GET %s is refused, and the field is named', async (path, code, param) => {
  const { status, json } = await setup()('GET', path)
  expect([status, json]).toMatchObject([400, { error: { code, param } }])
})

test('the ledger is paged by a cursor that is given back', async () => {
  const next = { id: 'job_1', atMs: 5, place: '' as const }
  const readStatement = vi.fn(async () => ({ lines: [LINE], next }))
  const request = setup({ readStatement })
  const page = transferPageSchema.parse((await request('GET', '/v1/transfers?limit=2')).json)
  expect(page.data).toEqual([
    {
      id: '=cmd()',
      kind: 'payout',
      place: 'earnings',
      amount_nano: '-1500000000',
      amount_ton: '-1.5 TON',
      counterpart: 'Payout, to "you"',
      subject: null,
      at_ms: NOW_MS,
    },
  ])
  await request('GET', `/v1/transfers?limit=2&cursor=${page.next_cursor}`)
  expect(readStatement.mock.calls).toEqual([
    [{ accountId: 7, limit: 2, before: undefined }],
    [{ accountId: 7, limit: 2, before: next }],
  ])
})
test.each([
  ['?format=csv', {}],
  ['', { accept: 'text/csv' }],
])('the ledger as a file runs nothing in a spreadsheet', async (query, headers) => {
  const readStatement = async () => ({ lines: [LINE], next: undefined })
  const { text, headers: sent } = await setup({ readStatement })('GET', `/v1/transfers${query}`, headers)
  expect(sent.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(sent.get('content-disposition')).toContain('transfers.csv')
  expect(text).toBe(
    'at,kind,place,in_nano,out_nano,counterpart,id\r\n' +
      `2026-11-22T12:00:00.000Z,payout,earnings,,1500000000,"Payout, to ""you""",'=cmd()\r\n`,
  )
})
test('a file that is not the whole names where to go on', async () => {
  const readStatement = async () => ({ lines: [], next: { id: 'x', atMs: 1, place: '' as const } })
  const { headers } = await setup({ readStatement })('GET', '/v1/transfers?format=csv')
  expect(headers.get('x-next-cursor')).toBe('1..x')
})

test('earnings are told by runner and by job', async () => {
  const request = setup({
    listRunnerEarnings: async () => [
      {
        runnerId: 'run_1',
        name: 'attic',
        today: nano(1n),
        days7: nano(2n),
        days30: nano(3n),
        accruing: nano(4n),
      },
    ],
    listEarnedJobs: async ({ limit }) => [
      {
        jobId: `job_${limit}`,
        runnerId: 'run_1',
        model: 'm',
        state: 'failed',
        amount: nano(0n),
        completionTokens: 0,
        reportedTokens: undefined,
        unpaidReason: 'job-failed',
        jobReason: 'runner-lost',
        endedAtMs: NOW_MS,
      },
    ],
  })
  const earnings = earningsSchema.parse((await request('GET', '/v1/earnings?jobs=5')).json)
  expect(earnings).toMatchObject({
    accruing_nano: '2000000',
    matures_after_s: 86_400,
    runners: [{ id: 'run_1', today_nano: '1', days_7_nano: '2', days_30_nano: '3', accruing_nano: '4' }],
    jobs: [{ job: 'job_5', unpaid_reason: 'job-failed', job_reason: 'runner-lost', reported_tokens: null }],
  })
})

const key = { 'idempotency-key': 'k-1' }
test('earnings are moved to the balance by a session, once for each key', async () => {
  const spendEarnings = vi.fn(async () => ({ ok: true as const }))
  const request = setup({ spendEarnings })
  expect((await request('POST', '/v1/earnings/use', key, { amount: '50' })).status).toBe(200)
  await request('POST', '/v1/earnings/use', key, { amount: 50 })
  const [first, second] = spendEarnings.mock.calls as unknown as [{ requestKey: string }][]
  expect(first).toEqual([{ accountId: 7, amount: 50n, requestKey: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  expect(second).toEqual(first)
})
test('an API key moves nothing, and without an Idempotency-Key nobody does', async () => {
  const request = setup()
  expect(
    await request('POST', '/v1/earnings/use', { ...key, authorization: 'key' }, { amount: 5 }),
  ).toMatchObject({ status: 403, json: { error: { code: 'session_needed' } } })
  for (const headers of [{}, { 'idempotency-key': '' }, { 'idempotency-key': 'x'.repeat(256) }]) {
    expect(await request('POST', '/v1/earnings/use', headers, { amount: 5 })).toMatchObject({
      status: 400,
      json: { error: { code: 'idempotency_key_needed' } },
    })
  }
})
test.each([
  '{"amount":0}',
  '{"amount":-1}',
  '{"amount":1.5}',
  '{"amount":1e300}',
  '{"amount":9007199254740992}',
  '{"amount":9007199254740993}',
  '{"amount":"9007199254740992"}',
  '{"amount":"1e3"}',
  '{"amount":"1.5"}',
  '{"amount":"-5"}',
  '{"amount":"+5"}',
  '{"amount":" 5"}',
  '{"amount":"05"}',
  '{"amount":"0x5"}',
  '{"amount":""}',
  '{"amount":null}',
  '{"amount":true}',
  '{"amount":[5]}',
  '{"amount":{}}',
  '{}',
])('%s is no amount, and the field is named', async (body) => {
  const { status, json } = await setup()('POST', '/v1/earnings/use', key, body)
  expect(status).toBe(400)
  expect(json).toMatchObject({ error: { param: 'amount', message: expect.stringMatching(/^amount: /) } })
})
test.each([
  ['insufficient-funds', 402, 'insufficient_funds'],
  ['idempotency-mismatch', 409, 'idempotency_key_reused'],
] as const)('%s is told', async (reason, status, code) => {
  const request = setup({ spendEarnings: async () => ({ ok: false, reason }) })
  expect(await request('POST', '/v1/earnings/use', key, { amount: 5 })).toMatchObject({
    status,
    json: { error: { code } },
  })
})
