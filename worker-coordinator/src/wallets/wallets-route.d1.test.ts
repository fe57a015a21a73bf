import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { walletNonceSchema, walletSchema } from '../../../protocol/src/wallets/wallet.ts'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { toFriendlyAddress } from '../ton/address.ts'
import { checkProof } from './ton/check-proof.ts'
import { signProof } from './ton/proof-fixture.ts'
import { WALLET_CHANGE_MS } from './wallet.ts'
import { bindProvenWallet, cancelWalletChange, issueNonce, NONCE_BYTES, readWallet } from './wallet-store.ts'
import { walletsRoute } from './wallets-route.ts'

const DOMAIN = 'sharnaqa.example'
const ledger = createLedgerFixture(env.DB)

/** The routes as the Worker wires them, inside workerd, over a real database and a clock that a test can turn. */
async function setup() {
  const db = drizzle(env.DB)
  const clock = { nowMs: Date.UTC(2026, 10, 22, 12) }
  const announced: unknown[] = []
  const app = walletsRoute({
    authenticate: async (token) => ({
      ok: true,
      caller: { accountId: Number(token), keyId: undefined },
    }),
    tonNetwork: '-3',
    proofDomain: () => DOMAIN,
    checkProof: (proof, domain) => checkProof(proof, { network: '-3', domain, nowMs: clock.nowMs }),
    issueNonce: (accountId) =>
      issueNonce(db, {
        accountId,
        nowMs: clock.nowMs,
        random: crypto.getRandomValues(new Uint8Array(NONCE_BYTES)),
      }),
    readWallet: (accountId) => readWallet(db, accountId, clock.nowMs),
    bindProvenWallet: (input) => bindProvenWallet(db, { ...input, nowMs: clock.nowMs }),
    cancelWalletChange: (accountId) => cancelWalletChange(db, accountId, clock.nowMs),
    claimSuspense: async () => undefined,
    announce: async (...told) => announced.push(told),
    formatAddress: (raw) => toFriendlyAddress(raw, '-3'),
    log: () => {},
  })
  const person = async () => {
    const authorization = String(await ledger.setupUser())
    const request = async (method: string, path: string, body?: unknown) => {
      const response = await app.request(path, {
        method,
        headers: { authorization },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      return { status: response.status, json: (await response.json()) as Record<string, unknown> }
    }
    const nonce = async () => walletNonceSchema.parse((await request('POST', '/api/wallet/nonce')).json).nonce
    /** Signs with wallet number `seed`, whatever nonce it is given. */
    const prove = async (seed: number, withNonce?: string) => {
      const { stateInit, ...proof } = await signProof({
        domain: DOMAIN,
        nonce: withNonce ?? (await nonce()),
        timestampS: Math.floor(clock.nowMs / 1000),
        network: '-3',
        seed,
      })
      return request('POST', '/api/wallet', { ...proof, state_init: stateInit })
    }
    const wallet = async () => walletSchema.parse((await request('GET', '/api/wallet')).json)
    return { request, nonce, prove, wallet }
  }
  return { clock, person, announced }
}

test('a person binds a wallet, changes it, and a day later is paid at the new one', async () => {
  const { clock, person, announced } = await setup()
  const { prove, wallet } = await person()
  expect((await prove(11)).status).toBe(200)
  const first = (await wallet()).wallet
  expect(first?.friendly).toMatch(/^0Q/)
  expect((await prove(12)).status).toBe(200)
  expect(await wallet()).toMatchObject({ wallet: first, next: { address: expect.any(String) } })
  clock.nowMs += WALLET_CHANGE_MS - 1
  expect((await wallet()).wallet).toEqual(first)
  clock.nowMs += 1
  const later = await wallet()
  expect(later.next).toBeNull()
  expect(later.wallet?.address).not.toBe(first?.address)
  expect(announced).toHaveLength(2)
})
test('a proof counts once, and for nobody else', async () => {
  const { person, announced } = await setup()
  const [mine, stranger] = [await person(), await person()]
  const nonce = await mine.nonce()
  expect(await stranger.prove(21, nonce)).toMatchObject({ json: { error: { code: 'unknown_nonce' } } })
  expect((await mine.prove(21, nonce)).status).toBe(200)
  expect(await mine.prove(21, nonce)).toMatchObject({ status: 409, json: { error: { code: 'used_nonce' } } })
  expect(await stranger.prove(21)).toMatchObject({ status: 409, json: { error: { code: 'wallet_taken' } } })
  expect((await stranger.wallet()).wallet).toBeNull()
  expect(announced).toHaveLength(1)
})
test('a change is taken back', async () => {
  const { person } = await setup()
  const { prove, wallet, request } = await person()
  await prove(31)
  const before = await wallet()
  await prove(32)
  await request('DELETE', '/api/wallet/next')
  expect(await wallet()).toEqual(before)
})
