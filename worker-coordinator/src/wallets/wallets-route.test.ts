import { expect, test, vi } from 'vitest'
import { walletNonceSchema, walletSchema } from '../../../protocol/src/wallets/wallet.ts'
import { checkProof } from './ton/check-proof.ts'
import { signProof } from './ton/proof-fixture.ts'
import type { Wallet } from './wallet.ts'
import { type WalletsRouteDeps, walletsRoute } from './wallets-route.ts'

const NOW_S = 1_795_348_800
const WALLET: Wallet = { address: `0:${'ab'.repeat(32)}`, provenAtMs: NOW_S * 1000, next: undefined }

function fakeless(name: string) {
  return () => {
    throw new Error(`give a fake for ${name}`)
  }
}

/** `session` and `key` are the two bearer tokens that these fakes know. */
function setup(overrides: Partial<WalletsRouteDeps> = {}) {
  const logged: string[] = []
  const route = walletsRoute({
    authenticate: async (authorization) => {
      if (authorization === 'session') return { ok: true, caller: { accountId: 7, keyId: undefined } }
      if (authorization === 'key') return { ok: true, caller: { accountId: 7, keyId: 3 } }
      return { ok: false, reason: 'missing' }
    },
    tonNetwork: '-239',
    proofDomain: () => 'sharnaqa.example',
    checkProof: (proof, domain) => checkProof(proof, { network: '-239', domain, nowMs: NOW_S * 1000 }),
    issueNonce: fakeless('issueNonce'),
    readWallet: fakeless('readWallet'),
    bindProvenWallet: fakeless('bindProvenWallet'),
    cancelWalletChange: fakeless('cancelWalletChange'),
    claimSuspense: async () => undefined,
    announce: async () => undefined,
    formatAddress: (raw) => `UQ${raw}`,
    log: (event) => logged.push(event),
    ...overrides,
  })
  const request = async (method: string, path: string, authorization = 'session', body?: unknown) => {
    const response = await route.request(`https://sharnaqa.example${path}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    expect(response.headers.get('cache-control')).toBe('no-store')
    return { status: response.status, json: (await response.json()) as Record<string, unknown> }
  }
  return { request, logged }
}
async function proofBody(nonce = 'n') {
  const { stateInit, ...proof } = await signProof({ domain: 'sharnaqa.example', nonce, timestampS: NOW_S })
  return { ...proof, state_init: stateInit }
}

test.each([
  ['POST', '/api/wallet/nonce'],
  ['GET', '/api/wallet'],
  ['POST', '/api/wallet'],
  ['DELETE', '/api/wallet/next'],
])('%s %s is for a session, not for an API key and not for strangers', async (method, path) => {
  const { request } = setup()
  const body = method === 'POST' ? await proofBody() : undefined
  expect(await request(method, path, 'key', body)).toMatchObject({
    status: 403,
    json: { error: { code: 'session_needed' } },
  })
  expect((await request(method, path, 'nobody', body)).status).toBe(401)
})
test('a nonce is given to the account', async () => {
  const { request } = setup({
    issueNonce: async (accountId) => ({ nonce: `for-${accountId}`, expiresAtMs: NOW_S * 1000 }),
  })
  const { status, json } = await request('POST', '/api/wallet/nonce')
  expect(status).toBe(201)
  expect(walletNonceSchema.parse(json)).toEqual({ nonce: 'for-7', expires_at: NOW_S })
})
test('a wallet is bound by its proof; coins are claimed and the person is told', async () => {
  const bindProvenWallet = vi.fn(async () => ({ ok: true as const, wallet: WALLET }))
  const claimSuspense = vi.fn(async () => undefined)
  const announce = vi.fn(async () => undefined)
  const { request } = setup({ bindProvenWallet, claimSuspense, announce })
  const body = await proofBody('n-1')
  const { status, json } = await request('POST', '/api/wallet', 'session', body)
  expect(status).toBe(200)
  expect(walletSchema.parse(json)).toEqual({
    network: '-239',
    wallet: { address: WALLET.address, friendly: `UQ${WALLET.address}`, proven_at: NOW_S },
    next: null,
  })
  const address = body.address
  expect(bindProvenWallet).toHaveBeenCalledExactlyOnceWith({ accountId: 7, nonce: 'n-1', address })
  expect(claimSuspense).toHaveBeenCalledExactlyOnceWith({ accountId: 7, address })
  const facts = { address, countsFromMs: undefined }
  expect(announce).toHaveBeenCalledExactlyOnceWith(7, 'wallet-changes', facts)
})
test('a proof that does not hold never reaches the store', async () => {
  const { request } = setup()
  const body = { ...(await proofBody()), network: '-3' }
  expect(await request('POST', '/api/wallet', 'session', body)).toMatchObject({
    status: 400,
    json: { error: { code: 'wrong_network' } },
  })
})
test.each([
  ['used-nonce', 409],
  ['unknown-nonce', 400],
  ['expired-nonce', 400],
  ['wallet-taken', 409],
] as const)('%s is told, and nobody is announced', async (reason, status) => {
  const { request } = setup({
    bindProvenWallet: async () => ({ ok: false, reason }),
    announce: fakeless('announce'),
    claimSuspense: fakeless('claimSuspense'),
  })
  const answer = await request('POST', '/api/wallet', 'session', await proofBody())
  expect(answer).toMatchObject({ status, json: { error: { code: reason.replace('-', '_') } } })
})
test('a wallet stays bound when claiming and telling fail', async () => {
  const { request, logged } = setup({
    bindProvenWallet: async () => ({ ok: true, wallet: WALLET }),
    claimSuspense: () => Promise.reject(new Error('down')),
    announce: () => Promise.reject(new Error('down')),
  })
  expect((await request('POST', '/api/wallet', 'session', await proofBody())).status).toBe(200)
  expect(logged.toSorted()).toEqual(['announce-failed', 'claim-failed', 'wallet-bound'])
})
test('no proof is taken where the domain is not known', async () => {
  const { request } = setup({ proofDomain: () => undefined })
  expect(await request('POST', '/api/wallet', 'session', await proofBody())).toMatchObject({
    status: 503,
    json: { error: { code: 'wallets_not_set_up' } },
  })
})
test('a field too many, or one of a wrong kind, is named', async () => {
  const { request } = setup()
  const body = await proofBody()
  expect(await request('POST', '/api/wallet', 'session', { ...body, account: 8 })).toMatchObject({
    status: 400,
    json: { error: { param: 'account' } },
  })
  const wrong = { ...body, proof: { ...body.proof, timestamp: 'now' } }
  expect(await request('POST', '/api/wallet', 'session', wrong)).toMatchObject({
    json: { error: { param: 'proof.timestamp' } },
  })
})
test('a waiting change is shown with the second from which it counts, and taken back', async () => {
  const cancelWalletChange = vi.fn(async () => undefined)
  const next = { address: `0:${'cd'.repeat(32)}`, fromMs: NOW_S * 1000 + 1 }
  const { request } = setup({ readWallet: async () => ({ ...WALLET, next }), cancelWalletChange })
  const shown = walletSchema.parse((await request('GET', '/api/wallet')).json)
  expect(shown.next).toEqual({ address: next.address, friendly: `UQ${next.address}`, counts_from: NOW_S + 1 })
  expect((await request('DELETE', '/api/wallet/next')).status).toBe(200)
  expect(cancelWalletChange).toHaveBeenCalledExactlyOnceWith(7)
})
test('an account without a wallet is told so', async () => {
  const { request } = setup({ readWallet: async () => undefined })
  expect((await request('GET', '/api/wallet')).json).toEqual({ network: '-239', wallet: null, next: null })
})
