import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { utf8 } from '../../../protocol/src/bytes.ts'
import { createHttpNetwork, type FetchApi } from '../../../protocol/src/sealed-client/http-network.ts'
import { createGuessLimit } from '../runners/guess-limit.ts'
import { createBeacons } from './beacons.ts'
import type { StoredPolicy } from './current-policy.ts'
import { makeDirectoryKey } from './directory-key.ts'
import { type DirectoryRouteDeps, directoryRoute } from './directory-route.ts'
import { POLICY_BODY_BYTES_MAX, type PolicyRouteDeps, policyRoute } from './policy-route.ts'
import type { DirectoryWish } from './read-directory.ts'
import { SEAL_ERRORS } from './seal-errors.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const SECRET = 'a-secret-of-at-least-thirty-two-characters'
const DIGEST = 'ab'.repeat(32)
const POLICY: StoredPolicy = { seq: 3, digest: 'cd'.repeat(32), document: utf8('{"policy":"é"}') }

function setup(overrides: Partial<DirectoryRouteDeps & PolicyRouteDeps> = {}) {
  const wishes: DirectoryWish[] = []
  const published: string[] = []
  const deps: DirectoryRouteDeps & PolicyRouteDeps = {
    authenticate: async (authorization) =>
      authorization === 'Bearer me'
        ? { ok: true, caller: { accountId: 7, keyId: 1 } }
        : { ok: false, reason: authorization === undefined ? 'missing' : 'unknown' },
    readDirectory: async (wish) => {
      wishes.push(wish)
      return { ok: true, value: utf8('{"directory":"x"}') }
    },
    readDocument: async (digest) => (digest === DIGEST ? '{"evidence":"é"}' : undefined),
    readSigner: () => makeDirectoryKey(SECRET),
    network: 'sim-local',
    readPolicy: async () => POLICY,
    publishPolicy: async (document) => {
      published.push(new TextDecoder().decode(document))
      return { ok: true, seq: 4, digest: DIGEST, isNew: true }
    },
    policyLimit: createGuessLimit({ nowMs: () => NOW_MS, perAddressPerMinute: 2 }),
    readBeacons: () => createBeacons(SECRET)(NOW_MS),
    ...overrides,
  }
  const app = new Hono().route('/', policyRoute(deps)).route('/', directoryRoute(deps))
  const get = (path: string, headers: Record<string, string> = {}) =>
    app.request(`http://x${path}`, { headers })
  const post = (body: string) => app.request('http://x/v1/policy', { method: 'POST', body })
  return { app, wishes, published, get, post }
}

async function refusalOf(reply: Response | Promise<Response>) {
  const response = await reply
  const { error } = (await response.json()) as { error: { code: string; param: string | null } }
  return [response.status, error.code, error.param]
}

test('the policy comes as it was signed, may be kept for seconds, and is not sent to whoever has it', async () => {
  const { get } = setup()
  const reply = await get('/v1/policy')
  expect(reply.status).toBe(200)
  expect(new Uint8Array(await reply.arrayBuffer())).toEqual(POLICY.document)
  expect(reply.headers.get('cache-control')).toBe('public, max-age=5')
  const etag = reply.headers.get('etag') ?? ''
  const again = await get('/v1/policy', { 'if-none-match': etag })
  expect([again.status, await again.text()]).toEqual([304, ''])
  expect((await get('/v1/policy', { 'if-none-match': '"other"' })).status).toBe(200)
})
test('without a policy there is a refusal that says so', async () => {
  const { get } = setup({ readPolicy: async () => undefined })
  expect(await refusalOf(get('/v1/policy'))).toEqual([404, 'no_policy', null])
})
test('a policy that is taken is told with its number; the same again is no new one', async () => {
  const { published, post } = setup()
  const reply = await post('{"signed":1}')
  expect([reply.status, await reply.json()]).toEqual([201, { seq: 4, digest: DIGEST }])
  expect(published).toEqual(['{"signed":1}'])
  const known = setup({ publishPolicy: async () => ({ ok: true, seq: 4, digest: DIGEST, isNew: false }) })
  expect((await known.post('{}')).status).toBe(200)
})
test('a policy that is refused says why, and too many of them are not looked at', async () => {
  let looked = 0
  const { post } = setup({
    publishPolicy: async () => {
      looked += 1
      return { ok: false, reason: 'policy-signatures' }
    },
  })
  expect(await refusalOf(post('{}'))).toEqual([403, 'policy_signatures', null])
  await post('{}')
  const limited = await post('{}')
  expect(limited.headers.get('retry-after')).toBe('30')
  expect(await refusalOf(limited)).toEqual([429, 'too_many_policies', null])
  expect(looked).toBe(2)
})
test('the policy in force without end is limited like one that is refused', async () => {
  const { post } = setup({ publishPolicy: async () => ({ ok: true, seq: 4, digest: DIGEST, isNew: false }) })
  await post('{}')
  await post('{}')
  expect((await post('{}')).status).toBe(429)
})
test('policies that are taken do not count against whoever brings them', async () => {
  const { post } = setup()
  for (let times = 0; times < 5; times++) expect((await post('{}')).status).toBe(201)
})
test('a body of more than 256 KiB is not read to its end', async () => {
  const { published, post } = setup()
  expect((await post('x'.repeat(POLICY_BODY_BYTES_MAX))).status).toBe(201)
  expect(await refusalOf(post('x'.repeat(POLICY_BODY_BYTES_MAX + 1)))).toEqual([
    413,
    'policy_too_large',
    null,
  ])
  expect(published).toHaveLength(1)
})
test('the directory is for whoever is known, of the model and tier that are asked for', async () => {
  const { wishes, get } = setup()
  const me = { authorization: 'Bearer me' }
  const reply = await get('/v1/sealed/directory?model=a%2Fb&tier=own', me)
  expect([reply.status, await reply.text()]).toEqual([200, '{"directory":"x"}'])
  expect(reply.headers.get('cache-control')).toBe('no-store')
  expect(wishes).toEqual([{ model: 'a/b', tier: 'own', accountId: 7 }])
  expect((await get('/v1/sealed/directory?model=a&tier=own')).status).toBe(401)
  for (const tier of ['', '&tier=open', '&tier=OWN'])
    expect(await refusalOf(get(`/v1/sealed/directory?model=a${tier}`, me))).toEqual([
      400,
      'invalid_value',
      'tier',
    ])
  expect(await refusalOf(get('/v1/sealed/directory?tier=own', me))).toEqual([400, 'invalid_value', 'model'])
  expect(wishes).toHaveLength(1)
})
test('a model without a directory is refused', async () => {
  const { get } = setup({ readDirectory: async () => ({ ok: false, reason: 'unknown-model' }) })
  const reply = get('/v1/sealed/directory?model=a&tier=own', { authorization: 'Bearer me' })
  expect(await refusalOf(reply)).toEqual([404, 'model_not_found', 'model'])
})
test('a document is for everybody, as its runner sent it; what is no digest is not looked up', async () => {
  const { get } = setup()
  const reply = await get(`/v1/sealed/evidence/${DIGEST}`)
  expect([reply.status, await reply.text()]).toEqual([200, '{"evidence":"é"}'])
  expect(reply.headers.get('cache-control')).toBe('public, max-age=60')
  for (const digest of ['ef'.repeat(32), 'x', DIGEST.toUpperCase()])
    expect((await get(`/v1/sealed/evidence/${digest}`)).status).toBe(404)
})
test('whose signature directories have is told', async () => {
  const { get } = setup()
  const { signer } = (await (await get('/v1/sealed/signer')).json()) as { signer: string }
  expect(signer).toMatch(/^[0-9a-f]{64}$/)
})
test('a client over HTTP reads all of it', async () => {
  const { app } = setup()
  const fetchApi: FetchApi = async (path, { method, headers }) => ({
    ok: true,
    value: await app.request(`http://x${path}`, {
      method: method ?? 'GET',
      headers: { ...headers, authorization: 'Bearer me' },
    }),
  })
  const network = createHttpNetwork(fetchApi)
  expect(await network.readPolicy()).toEqual({ ok: true, value: POLICY.document })
  expect(await network.readEvidence(DIGEST)).toEqual({ ok: true, value: utf8('{"evidence":"é"}') })
  expect(await network.readBeacons()).toEqual({ ok: true, value: createBeacons(SECRET)(NOW_MS) })
  expect(await network.readDirectory('a/b', 'own')).toEqual({ ok: true, value: utf8('{"directory":"x"}') })
})
test('each refusal has its own code, spelled like its reason', () => {
  const codes = Object.entries(SEAL_ERRORS).map(([reason, { code }]) => [reason.replaceAll('-', '_'), code])
  for (const [reason, code] of codes)
    expect(code).toBe(reason === 'unknown_model' ? 'model_not_found' : reason)
})
