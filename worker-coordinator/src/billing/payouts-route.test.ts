import { expect, test, vi } from 'vitest'
import { depositInstructionsSchema, depositListSchema } from '../../../protocol/src/billing/deposits.ts'
import { payoutListSchema, payoutSchema } from '../../../protocol/src/billing/payouts.ts'
import { nano } from '../../../protocol/src/money.ts'
import type { Wallet } from '../wallets/wallet.ts'
import { type PayoutRow, type PayoutsRouteDeps, payoutsRoute } from './payouts-route.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const ADDRESS = `0:${'ab'.repeat(32)}`
const WALLET: Wallet = { address: ADDRESS, provenAtMs: 0, next: undefined }
const PAYOUT: PayoutRow = {
  id: 'po_1',
  accountId: 7,
  source: 99,
  cause: 'demand',
  destination: ADDRESS,
  amount: nano(20_000_000n),
  fee: nano(500_000n),
  state: 'queued',
  reason: null,
  transactionId: null,
  createdAt: NOW_MS,
  endedAt: null,
}

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

/** `session` and `key` are the two bearer tokens that these fakes know. */
function setup(overrides: Partial<PayoutsRouteDeps> = {}) {
  const route = payoutsRoute({
    authenticate: async (authorization) => {
      if (authorization === 'session') return { ok: true, caller: { accountId: 7, keyId: undefined } }
      if (authorization === 'key') return { ok: true, caller: { accountId: 7, keyId: 3 } }
      return { ok: false, reason: 'missing' }
    },
    nowMs: () => NOW_MS,
    tonNetwork: '-3',
    readWallet: async () => WALLET,
    readPayoutTerms: async () => ({
      minimum: nano(20_000_000n),
      fee: nano(500_000n),
      automaticFrom: nano(100_000_000n),
      frozen: false,
    }),
    listPayouts: fakeless('listPayouts'),
    orderPayout: fakeless('orderPayout'),
    depositInstructions: fakeless('depositInstructions'),
    listDeposits: fakeless('listDeposits'),
    ...overrides,
  })
  return async (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) => {
    const response = await route.request(path, {
      method,
      headers: { authorization: 'session', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    expect(response.headers.get('cache-control')).toBe('no-store')
    const text = await response.text()
    const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
    return { status: response.status, headers: response.headers, text, json }
  }
}
const key = { 'idempotency-key': 'k-1' }
const order = { amount: '20000000', source: 'earnings' }

test('a payout is ordered to the wallet in effect, with its fee shown', async () => {
  const orderPayout = vi.fn(async () => ({ ok: true as const, payout: PAYOUT }))
  const { status, json } = await setup({ orderPayout })('POST', '/v1/payouts', key, order)
  expect(status).toBe(201)
  expect(payoutSchema.parse(json)).toMatchObject({
    id: 'po_1',
    source: 'earnings',
    amount_nano: '20000000',
    amount_ton: '0.02 TON',
    fee_nano: '500000',
    state: 'queued',
  })
  expect(orderPayout).toHaveBeenCalledExactlyOnceWith({
    accountId: 7,
    source: 'owner',
    destination: ADDRESS,
    amount: 20_000_000n,
    idempotency: expect.stringMatching(/^[0-9a-f]{64}$/),
  })
})
test('a payout from the balance says so', async () => {
  const orderPayout = vi.fn(async () => ({ ok: true as const, payout: { ...PAYOUT, source: 7 } }))
  const request = setup({ orderPayout })
  const { json } = await request('POST', '/v1/payouts', key, { ...order, source: 'balance' })
  expect(json).toMatchObject({ source: 'balance' })
  expect(orderPayout).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ source: 'user' }))
})
test('without a wallet, and while one changes, nothing is ordered', async () => {
  const none = setup({ readWallet: async () => undefined })
  expect(await none('POST', '/v1/payouts', key, order)).toMatchObject({
    status: 409,
    json: { error: { code: 'no_wallet' } },
  })
  const next = { address: `0:${'cd'.repeat(32)}`, fromMs: NOW_MS + 1 }
  const changing = setup({ readWallet: async () => ({ ...WALLET, next }) })
  expect(await changing('POST', '/v1/payouts', key, order)).toMatchObject({
    status: 409,
    json: { error: { code: 'wallet_changing' } },
  })
  const orderPayout = vi.fn(async () => ({ ok: true as const, payout: PAYOUT }))
  const due = setup({
    readWallet: async () => ({ ...WALLET, next: { ...next, fromMs: NOW_MS } }),
    orderPayout,
  })
  expect((await due('POST', '/v1/payouts', key, order)).status).toBe(201)
  expect(orderPayout).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ destination: next.address }))
})
test.each([
  ['below-minimum', 400, /0\.02 TON \(20000000 nano\)/],
  ['insufficient-funds', 402, /0\.0005 TON \(500000 nano\) on top/],
  ['not-withdrawable', 409, /welcome credit/],
  ['payouts-frozen', 503, /Nothing is lost/],
  ['payouts-off', 503, /pays nothing out/],
  ['wallet-not-proven', 409, /changed just now/],
  ['idempotency-mismatch', 409, /another body/],
] as const)('%s is told, with what to do', async (reason, status, message) => {
  const request = setup({ orderPayout: async () => ({ ok: false, reason }) })
  const answer = await request('POST', '/v1/payouts', key, order)
  expect(answer).toMatchObject({ status, json: { error: { message: expect.stringMatching(message) } } })
})
test('an API key pays nothing out, and without an Idempotency-Key nobody does', async () => {
  const request = setup()
  const byKey = await request('POST', '/v1/payouts', { ...key, authorization: 'key' }, order)
  expect(byKey).toMatchObject({ status: 403, json: { error: { code: 'session_needed' } } })
  expect(await request('POST', '/v1/payouts', {}, order)).toMatchObject({
    status: 400,
    json: { error: { code: 'idempotency_key_needed' } },
  })
})
test.each([1.5, -1, 0, 2 ** 53, '1e9', '0.02', '-5', null])('%j is no amount to pay out', async (amount) => {
  const { status, json } = await setup()('POST', '/v1/payouts', key, { ...order, amount })
  expect([status, json]).toMatchObject([400, { error: { param: 'amount' } }])
})
test.each([{ source: 'float' }, { destination: ADDRESS }])(
  'nobody names another place: %j',
  async (extra) => {
    const { status } = await setup()('POST', '/v1/payouts', key, { ...order, ...extra })
    expect(status).toBe(400)
  },
)
test('two accounts with one Idempotency-Key are two orders', async () => {
  const keys: string[] = []
  const orderPayout = async ({ idempotency }: { idempotency: string }) => {
    keys.push(idempotency)
    return { ok: true as const, payout: PAYOUT }
  }
  for (const accountId of [7, 8]) {
    const authenticate = async () => ({ ok: true as const, caller: { accountId, keyId: undefined } })
    await setup({ orderPayout, authenticate })('POST', '/v1/payouts', key, order)
  }
  expect(new Set(keys).size).toBe(2)
})

test('payouts are listed with the terms of the next one', async () => {
  const listPayouts = vi.fn(async () => ({ payouts: [PAYOUT], next: 'c-2' }))
  const request = setup({ listPayouts })
  const list = payoutListSchema.parse((await request('GET', '/v1/payouts', { authorization: 'key' })).json)
  expect(list).toMatchObject({
    data: [{ id: 'po_1', ended_at: null, transaction: null }],
    next_cursor: 'c-2',
    terms: { minimum_nano: '20000000', fee_nano: '500000', automatic_from_nano: '100000000', frozen: false },
  })
  await request('GET', '/v1/payouts?cursor=c-2&limit=5')
  expect(listPayouts.mock.calls).toEqual([
    [{ accountId: 7, limit: 50 }],
    [{ accountId: 7, limit: 5, after: 'c-2' }],
  ])
})
test('payouts as a file have all pages, and run nothing in a spreadsheet', async () => {
  const rows: Record<string, { payouts: PayoutRow[]; next: string | undefined }> = {
    first: { payouts: [{ ...PAYOUT, reason: '=HYPERLINK("x")' }], next: 'second' },
    second: { payouts: [{ ...PAYOUT, id: '+1', state: 'failed', endedAt: NOW_MS }], next: undefined },
  }
  const request = setup({
    listPayouts: async ({ after = 'first' }) => rows[after] ?? { payouts: [], next: undefined },
  })
  const { text, headers } = await request('GET', '/v1/payouts', { accept: 'text/csv' })
  expect(headers.get('x-next-cursor')).toBeNull()
  const time = '2026-11-22T12:00:00.000Z'
  expect(text.split('\r\n').slice(1)).toEqual([
    `${time},,queued,earnings,demand,20000000,500000,${ADDRESS},,"'=HYPERLINK(""x"")",po_1`,
    `${time},${time},failed,earnings,demand,20000000,500000,${ADDRESS},,,'+1`,
    '',
  ])
})
test('a file of payouts is bounded', async () => {
  const listPayouts = vi.fn(async () => ({ payouts: [PAYOUT], next: 'more' }))
  const { headers } = await setup({ listPayouts })('GET', '/v1/payouts?format=csv')
  expect(listPayouts).toHaveBeenCalledTimes(20)
  expect(headers.get('x-next-cursor')).toBe('more')
})

test('an account is told how to pay in', async () => {
  const depositInstructions = async (accountId: number) => ({
    address: '0Qhot',
    comment: `for ${accountId}`,
    payload: 'te6c',
    link: 'ton://transfer/0Qhot?text=x',
  })
  const { json } = await setup({ depositInstructions })('GET', '/v1/deposit', { authorization: 'key' })
  expect(depositInstructionsSchema.strict().parse(json)).toEqual({
    network: '-3',
    address: '0Qhot',
    comment: 'for 7',
    body: 'te6c',
    link: 'ton://transfer/0Qhot?text=x',
    minimum_nano: '1000000',
  })
  const off = setup({ depositInstructions: async () => undefined })
  expect(await off('GET', '/v1/deposit')).toMatchObject({
    status: 503,
    json: { error: { code: 'deposits_off' } },
  })
})
test('deposits are listed with their state', async () => {
  const listDeposits = vi.fn(async () => ({
    deposits: [{ id: '7:ff', sender: ADDRESS, amount: nano(1n), via: 'tag', state: 'credited', at: NOW_MS }],
    next: undefined,
  }))
  const { json } = await setup({ listDeposits })('GET', '/v1/deposits?limit=3')
  expect(depositListSchema.parse(json)).toMatchObject({
    data: [{ id: '7:ff', amount_nano: '1', state: 'credited', at: NOW_MS / 1000 }],
    next_cursor: null,
  })
  expect(listDeposits).toHaveBeenCalledExactlyOnceWith({ accountId: 7, limit: 3 })
})
test.each(['/v1/payouts', '/v1/deposit', '/v1/deposits'])('GET %s is not for strangers', async (path) => {
  expect((await setup()('GET', path, { authorization: 'nobody' })).status).toBe(401)
})
