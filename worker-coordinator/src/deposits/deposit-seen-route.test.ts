import { expect, test, vi } from 'vitest'
import { depositSeenSchema } from '../../../protocol/src/miniapp/wallet.ts'
import { createRateLimit } from '../accounts/rate-limit.ts'
import { type DepositSeenRouteDeps, depositSeenRoute } from './deposit-seen-route.ts'

/** `session` and `key` are the two bearer tokens that these fakes know. */
function setup(overrides: Partial<DepositSeenRouteDeps> = {}) {
  const deps: DepositSeenRouteDeps = {
    authenticate: async (authorization) => {
      if (authorization === 'session') return { ok: true, caller: { accountId: 7, keyId: undefined } }
      if (authorization === 'key') return { ok: true, caller: { accountId: 7, keyId: 3 } }
      return { ok: false, reason: 'missing' }
    },
    hashExternalMessage: (boc) => (boc === 'te6boc' ? 'ab' : undefined),
    hasMessage: async (hash) => hash === 'ab',
    takeLook: createRateLimit({ perMinute: 2, nowMs: () => 0 }),
    ...overrides,
  }
  const route = depositSeenRoute(deps)
  return async (boc: unknown = 'te6boc', authorization = 'session') => {
    const response = await route.request('/v1/deposit/seen', {
      method: 'POST',
      headers: { authorization },
      body: JSON.stringify({ boc }),
    })
    const json: unknown = await response.json()
    return { status: response.status, seen: depositSeenSchema.safeParse(json).data?.seen }
  }
}

test('a message that the chain took in is seen', async () => {
  expect(await setup()()).toEqual({ status: 200, seen: true })
  expect((await setup({ hasMessage: async () => false })()).seen).toBe(false)
})

test('what is no message is not asked for, and a chain that does not answer has seen nothing', async () => {
  const hasMessage = vi.fn(async () => Promise.reject(new Error('down')))
  const ask = setup({ hasMessage })
  expect(await ask('rubbish')).toEqual({ status: 200, seen: false })
  expect(hasMessage).not.toHaveBeenCalled()
  expect(await ask()).toEqual({ status: 200, seen: false })
})

test('who asks too often is answered without the chain being asked', async () => {
  const hasMessage = vi.fn(async () => true)
  const ask = setup({ hasMessage })
  expect([await ask(), await ask(), await ask()].map(({ seen }) => seen)).toEqual([true, true, false])
  expect(hasMessage).toHaveBeenCalledTimes(2)
})

test.each([
  ['nobody', 'te6boc', '', 401],
  ['a key', 'te6boc', 'key', 403],
  ['an empty message', '', 'session', 400],
  ['a message that is too long', 'x'.repeat(32_769), 'session', 400],
])('%s is refused', async (_, boc, authorization, status) => {
  expect((await setup()(boc, authorization)).status).toBe(status)
})
