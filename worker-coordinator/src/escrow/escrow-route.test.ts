import { expect, test, vi } from 'vitest'
import { escrowListSchema, escrowSchema } from '../../../protocol/src/escrow/escrows.ts'
import { nano } from '../../../protocol/src/money.ts'
import { ESCROW_ERRORS } from './escrow-errors.ts'
import { type EscrowRouteDeps, escrowRoute } from './escrow-route.ts'
import type { Escrow } from './escrow-store.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const ADDRESS = `0:${'ab'.repeat(32)}`
const ESCROW: Escrow = {
  address: ADDRESS,
  accountId: 7,
  sessionKey: 'cd'.repeat(32),
  allowed: nano(5_000n),
  signature: 'kept',
  collected: nano(1_000n),
  createdAt: NOW_MS,
}
const JSON_OF_ESCROW = {
  address: ADDRESS,
  session_key: 'cd'.repeat(32),
  allowed_nano: '5000',
  collected_nano: '1000',
  created_at: NOW_MS / 1000,
}
const SIGNATURE = 'A'.repeat(86)
const REGISTER = {
  address: ADDRESS,
  terms: {
    owner: ADDRESS,
    session_key: 'cd'.repeat(32),
    close_delay_seconds: 86_400,
    day_cap_nano: '0',
    salt: 0,
  },
  signature: SIGNATURE,
}
const VOUCHERS = `/v1/escrows/${ADDRESS}/vouchers`

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

function setup(overrides: Partial<EscrowRouteDeps> = {}) {
  const route = escrowRoute({
    authenticate: async (authorization) =>
      authorization === 'owner'
        ? { ok: true, caller: { accountId: 7, keyId: undefined } }
        : { ok: false, reason: authorization === undefined ? 'missing' : 'unknown' },
    registerEscrow: fakeless('registerEscrow'),
    acceptVoucher: fakeless('acceptVoucher'),
    listEscrows: fakeless('listEscrows'),
    ...overrides,
  })
  return async (method: string, path: string, body?: unknown, authorization = 'owner') => {
    const headers = authorization === '' ? {} : { authorization }
    const response = await route.request(path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, json: await response.json() }
  }
}

test('an account sees its escrows, without signatures', async () => {
  const listEscrows = vi.fn(async () => [ESCROW])
  const { status, json } = await setup({ listEscrows })('GET', '/v1/escrows')
  expect(status).toBe(200)
  expect(escrowListSchema.parse(json)).toEqual({ data: [JSON_OF_ESCROW] })
  expect(JSON.stringify(json)).not.toContain('kept')
  expect(listEscrows).toHaveBeenCalledExactlyOnceWith(7)
})

test('an escrow is registered for the account that calls', async () => {
  const registerEscrow = vi.fn(async () => ({ ok: true as const, escrow: ESCROW }))
  const { status, json } = await setup({ registerEscrow })('POST', '/v1/escrows', REGISTER)
  expect(status).toBe(200)
  expect(escrowSchema.parse(json)).toEqual(JSON_OF_ESCROW)
  expect(registerEscrow).toHaveBeenCalledExactlyOnceWith(7, {
    ...REGISTER,
    terms: { ...REGISTER.terms, day_cap_nano: 0n },
  })
})

test('a voucher is handed on with the address of the path', async () => {
  const acceptVoucher = vi.fn(async () => ({ ok: true as const, escrow: ESCROW }))
  const body = { cumulative_nano: '5000', signature: SIGNATURE }
  expect(await setup({ acceptVoucher })('POST', VOUCHERS, body)).toMatchObject({ status: 200 })
  expect(acceptVoucher).toHaveBeenCalledExactlyOnceWith({
    accountId: 7,
    address: ADDRESS,
    cumulative: 5_000n,
    signature: SIGNATURE,
  })
})

test.for(['voucher-not-higher', 'escrow-not-found', 'chain-silent', 'bad-voucher-signature'] as const)(
  'a voucher that is refused as %s says so',
  async (reason) => {
    const request = setup({ acceptVoucher: async () => ({ ok: false, reason }) })
    const { status, code } = ESCROW_ERRORS[reason]
    expect(await request('POST', VOUCHERS, { cumulative_nano: '1', signature: SIGNATURE })).toMatchObject({
      status,
      json: { error: { code } },
    })
  },
)

test('a registration that is refused says so', async () => {
  const request = setup({ registerEscrow: async () => ({ ok: false, reason: 'not-our-escrow' }) })
  expect(await request('POST', '/v1/escrows', REGISTER)).toMatchObject({
    status: 400,
    json: { error: { code: 'not_our_escrow' } },
  })
})

test.for([
  ['/v1/escrows', { ...REGISTER, address: ADDRESS.toUpperCase() }, 'address'],
  ['/v1/escrows', { ...REGISTER, terms: { ...REGISTER.terms, salt: -1 } }, 'terms.salt'],
  ['/v1/escrows', { ...REGISTER, signature: 'short' }, 'signature'],
  [VOUCHERS, { cumulative_nano: 1.5, signature: SIGNATURE }, 'cumulative_nano'],
  [VOUCHERS, { cumulative_nano: '-1', signature: SIGNATURE }, 'cumulative_nano'],
] as const)('a wrong field of %s is refused by name', async ([path, body, param]) => {
  expect(await setup()('POST', path, body)).toMatchObject({ status: 400, json: { error: { param } } })
})

test.for([
  ['GET', '/v1/escrows'],
  ['POST', '/v1/escrows'],
  ['POST', VOUCHERS],
] as const)('%s %s needs to know who calls', async ([method, path]) => {
  const body = method === 'GET' ? undefined : {}
  expect(await setup()(method, path, body, '')).toMatchObject({ status: 401 })
  expect(await setup()(method, path, body, 'x')).toMatchObject({ status: 401 })
})
