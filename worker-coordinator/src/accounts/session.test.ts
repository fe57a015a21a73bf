import { sign } from 'hono/jwt'
import { expect, test } from 'vitest'
import { toBase64Url } from '../../../protocol/src/canonical-json.ts'
import { SESSION_SECONDS, signSession, verifySession } from './session.ts'

const KEY = 'a-session-key-of-thirty-two-chars'
const OTHER_KEY = 'another-session-key-of-32-or-more'
const NOW_MS = Date.UTC(2026, 10, 22, 12)
const WHO = { accountId: 2 ** 40 + 7, telegramId: 4242 }
const claims = (change: object = {}) => ({
  sub: WHO.accountId,
  tg: WHO.telegramId,
  iat: NOW_MS / 1000,
  exp: NOW_MS / 1000 + 60,
  aud: 'session',
  ...change,
})
const encode = (value: unknown) => toBase64Url(new TextEncoder().encode(JSON.stringify(value)))

test('a session says who it is for, for one hour', async () => {
  const { token, expiresAtMs } = await signSession(KEY, WHO, NOW_MS)
  expect(expiresAtMs).toBe(NOW_MS + SESSION_SECONDS * 1000)
  expect(await verifySession(KEY, token, expiresAtMs - 1)).toEqual({ ok: true, ...WHO })
})

test('an expired session is refused as expired, from its very last second on', async () => {
  const { token, expiresAtMs } = await signSession(KEY, WHO, NOW_MS)
  expect(await verifySession(KEY, token, expiresAtMs)).toEqual({ ok: false, reason: 'expired' })
})

test('a session signed by another key is not known, expired or not', async () => {
  const { token } = await signSession(OTHER_KEY, WHO, NOW_MS)
  expect(await verifySession(KEY, token, NOW_MS)).toEqual({ ok: false, reason: 'unknown' })
  expect(await verifySession(KEY, token, NOW_MS + 10 ** 8)).toEqual({ ok: false, reason: 'unknown' })
})

test('a session whose claims were changed is not known', async () => {
  const { token } = await signSession(KEY, WHO, NOW_MS)
  const [header, , signature] = token.split('.')
  const changed = `${header}.${encode(claims({ sub: 1 }))}.${signature}`
  expect(await verifySession(KEY, changed, NOW_MS)).toEqual({ ok: false, reason: 'unknown' })
})

test('alg none is refused, with and without a signature', async () => {
  for (const alg of ['none', 'None', 'NONE', '']) {
    for (const signature of ['', 'AAAA']) {
      const token = `${encode({ alg, typ: 'JWT' })}.${encode(claims())}.${signature}`
      expect(await verifySession(KEY, token, NOW_MS)).toEqual({ ok: false, reason: 'malformed' })
    }
  }
})

test('another algorithm is refused, though the key is right', async () => {
  for (const alg of ['HS384', 'HS512'] as const) {
    const token = await sign(claims(), KEY, alg)
    expect(await verifySession(KEY, token, NOW_MS)).toEqual({ ok: false, reason: 'malformed' })
  }
})

test.for([
  ['another audience', { aud: 'payout' }],
  ['no audience', { aud: undefined }],
  ['no end', { exp: undefined }],
  ['an end in words', { exp: '9999999999' }],
  ['no account', { sub: undefined }],
  ['an account in words', { sub: '7' }],
  ['a half account', { sub: 1.5 }],
  ['no Telegram id', { tg: undefined }],
] as const)('a well signed token with %s is no session', async ([, change]) => {
  const token = await sign(claims(change), KEY, 'HS256')
  expect(await verifySession(KEY, token, NOW_MS)).toEqual({ ok: false, reason: 'malformed' })
})

test.for(['', '.', '..', 'a.b.c', 'x', `${'a'.repeat(3000)}.b.c`])(
  'the text %j is no session',
  async (token) => {
    expect(await verifySession(KEY, token, NOW_MS)).toEqual({ ok: false, reason: 'malformed' })
  },
)

test('without a key, or with a short one, no session is made and none is trusted', async () => {
  const { token } = await signSession(KEY, WHO, NOW_MS)
  for (const key of [undefined, '', 'x'.repeat(31)]) {
    await expect(signSession(key, WHO, NOW_MS)).rejects.toThrow('SESSION_KEY')
    await expect(verifySession(key, token, NOW_MS)).rejects.toThrow('SESSION_KEY')
  }
})
