import { env } from 'cloudflare:workers'
import { sign } from '@telegram-apps/init-data-node/web'
import { drizzle } from 'drizzle-orm/d1'
import { expect, test } from 'vitest'
import { createdKeySchema } from '../../../protocol/src/accounts/api-keys.ts'
import { pairingCodeResponseSchema } from '../../../protocol/src/accounts/runners.ts'
import { sessionResponseSchema } from '../../../protocol/src/accounts/session.ts'
import { toBase64Url } from '../../../protocol/src/canonical-json.ts'
import { nano } from '../../../protocol/src/money.ts'
import { pairingCodeSchema, pairSigningText } from '../../../protocol/src/runner/pairing.ts'
import { setRunnerAudience } from '../runners/audience-store.ts'
import { checkPairing } from '../runners/check-pairing.ts'
import { createGuessLimit } from '../runners/guess-limit.ts'
import {
  createPairingCode,
  listRunners,
  pairRunner,
  renameRunner,
  setRunnerState,
} from '../runners/runner-store.ts'
import { runnersRoute } from '../runners/runners-route.ts'
import { refuseAccount } from './account-errors.ts'
import { ACCOUNT_ID_BYTES, makeAccountId } from './account-id.ts'
import { findOrCreateAccount, readBalance } from './account-store.ts'
import { accountsRoute } from './accounts-route.ts'
import { createApiKey, findKeyByHash, listApiKeys, revokeApiKey, updateApiKey } from './api-key-store.ts'
import { createAuthenticator } from './authenticate.ts'
import { signSession, verifySession } from './session.ts'
import { checkInitData } from './telegram-login.ts'

const WELCOME = nano(50_000_000n)
const random = (count: number) => crypto.getRandomValues(new Uint8Array(count))
const newId = () => makeAccountId(random(ACCOUNT_ID_BYTES))

/** The routes as the Worker wires them, over a real database and a clock that a test can turn. */
function setup() {
  const db = drizzle(env.DB)
  const clock = { nowMs: Date.UTC(2026, 10, 22, 12) }
  const nowMs = () => clock.nowMs
  const authenticate = createAuthenticator({
    findKeyByHash: (hash) => findKeyByHash(db, hash),
    verifySession: (token) => verifySession(env.SESSION_KEY, token, nowMs()),
    nowMs,
  })
  const app = accountsRoute({
    authenticate,
    checkInitData: (initData) => checkInitData(env.BOT_TOKEN, initData, nowMs()),
    findOrCreateAccount: (telegramId) =>
      findOrCreateAccount(db, { telegramId, nowMs: nowMs(), welcome: WELCOME, newId }),
    signSession: (session) => signSession(env.SESSION_KEY, session, nowMs()),
    readBalance: (accountId) => readBalance(db, accountId),
    createApiKey: (input) => createApiKey(db, { ...input, nowMs: nowMs(), random: random(32) }),
    listApiKeys: (accountId) => listApiKeys(db, accountId, nowMs()),
    updateApiKey: (input) => updateApiKey(db, input, nowMs()),
    revokeApiKey: (input) => revokeApiKey(db, input, nowMs()),
    createPairingCode: (accountId) => createPairingCode(db, { accountId, nowMs: nowMs(), random: random(8) }),
    pairingCommand: ({ code, origin }) => `runner --pair ${code} --url ${origin}`,
  })
    .get('/v1/balance', async (c) => {
      // As every route of an account does.
      const who = await authenticate(c.req.header('authorization'))
      return who.ok ? c.json(await readBalanceText(who.caller.accountId)) : refuseAccount(who.reason)
    })
    .route(
      '/',
      runnersRoute({
        authenticate,
        guessLimit: createGuessLimit({ nowMs }),
        checkPairing,
        pairRunner: (pairing) => pairRunner(db, { ...pairing, nowMs: nowMs(), newId }),
        listRunners: (accountId) => listRunners(db, accountId, nowMs()),
        findLiveModels: async () => new Map(),
        renameRunner: (own, name) => renameRunner(db, own, name),
        setRunnerAudience: (own, audience) => setRunnerAudience(db, own, audience),
        setRunnerState: (own, state) => setRunnerState(db, own, state),
      }),
    )
  async function readBalanceText(accountId: number) {
    const balance = await readBalance(db, accountId)
    return { available_nano: String(balance?.available), held_nano: String(balance?.held) }
  }
  const request = async (method: string, path: string, token?: string, body?: unknown) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
    const response = await app.request(path, init)
    return { status: response.status, json: await response.json<unknown>() }
  }
  const login = async (telegramId: number) => {
    const user = { id: telegramId, first_name: 'Layla' }
    const initData = await sign({ user }, env.BOT_TOKEN ?? '', new Date(clock.nowMs))
    const { json } = await request('POST', '/v1/session', undefined, { init_data: initData })
    return { initData, ...sessionResponseSchema.parse(json) }
  }
  return { clock, request, login }
}

test('a person opens the Mini App for the first time and has credit for a first chat', async () => {
  const { login, request } = setup()
  const { token, account } = await login(5001)
  expect(account).toMatchObject({ available_nano: '50000000', held_nano: '0' })
  expect((await login(5001)).account.id).toBe(account.id)
  expect((await request('GET', '/v1/balance', token)).json).toEqual({
    available_nano: '50000000',
    held_nano: '0',
  })
})

test('after an hour neither the session nor the initData opens the door again', async () => {
  const { login, request, clock } = setup()
  const { token, initData } = await login(5002)
  clock.nowMs += 3_600_001
  expect(await request('GET', '/v1/balance', token)).toMatchObject({
    status: 401,
    json: { error: { code: 'expired_session' } },
  })
  expect(await request('POST', '/v1/session', undefined, { init_data: initData })).toMatchObject({
    status: 401,
    json: { error: { code: 'expired_init_data' } },
  })
})

test('a developer makes a key, uses it, limits it, revokes it, and five seconds later it is dead', async () => {
  const { login, request, clock } = setup()
  const { token } = await login(5003)
  const created = await request('POST', '/v1/keys', token, { name: 'server', limit_day_nano: '1000' })
  const { id, key, prefix } = createdKeySchema.parse(created.json)
  expect((await request('GET', '/v1/balance', key)).status).toBe(200)
  expect((await request('POST', '/v1/keys', key, { name: 'child' })).status).toBe(403)
  const edited = await request('PATCH', `/v1/keys/${id}`, token, {
    limit_day_nano: null,
    limit_month_nano: 7,
  })
  expect(edited.json).toMatchObject({ prefix, limit_day_nano: null, limit_month_nano: '7' })
  expect((await request('DELETE', `/v1/keys/${id}`, token)).status).toBe(200)
  clock.nowMs += 5000
  expect(await request('GET', '/v1/balance', key)).toMatchObject({
    status: 401,
    json: { error: { code: 'revoked_api_key' } },
  })
  expect((await request('GET', '/v1/keys', token)).json).toEqual({ data: [] })
})

test('an owner pairs a machine by its code, and a second machine cannot use that code', async () => {
  const { login, request } = setup()
  const { token } = await login(5004)
  const made = pairingCodeResponseSchema.parse((await request('POST', '/v1/pairing-codes', token)).json)
  expect(made.command).toContain(made.code)
  const first = await request('POST', '/v1/runners/pair', undefined, await signPairing(made.code))
  expect(first).toMatchObject({ status: 200, json: { name: 'tower' } })
  expect(await request('POST', '/v1/runners/pair', undefined, await signPairing(made.code))).toMatchObject({
    status: 409,
    json: { error: { code: 'used_code' } },
  })
  expect((await request('GET', '/v1/runners', token)).json).toMatchObject({
    data: [{ name: 'tower', state: 'active', online: false, earned_nano: '0' }],
  })
})

async function signPairing(shownCode: string) {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair
  const publicKey = toBase64Url(
    new Uint8Array((await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer),
  )
  const text = new TextEncoder().encode(pairSigningText(pairingCodeSchema.parse(shownCode), publicKey))
  const signature = toBase64Url(new Uint8Array(await crypto.subtle.sign('Ed25519', pair.privateKey, text)))
  return { code: shownCode, publicKey, name: 'tower', signature }
}
