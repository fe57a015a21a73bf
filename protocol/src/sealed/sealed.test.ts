import { expect, test } from 'vitest'
import { fromHex, utf8 } from '../bytes.ts'
import { suiteOf } from './all-suites.ts'
import { createAnswerOpener, createAnswerSealer } from './answer.ts'
import { answerKeys } from './answer-keys.ts'
import { type EpochKey, makeEpochKey } from './epoch-key.ts'
import { epochAt, isEpochOpen } from './epoch-open.ts'
import { readHeader, type SealedHeader, writeHeader } from './header.ts'
import { type OpenRefusal, openRequest, type SealedIdentity } from './open-request.ts'
import { CHUNK_BUCKETS, pad, REQUEST_BUCKETS, unpad } from './padding.ts'
import { createReplayWindow } from './replay-window.ts'
import { type SealedRequest, type SealTo, sealRequest } from './seal-request.ts'
import { byTheBook, openWrap } from './second-opinion-fixture.ts'
import { SUITE_FACTS, SUITES, type Suite } from './suites.ts'

const NOW_MS = 1_795_348_800_000
const EPOCH = epochAt(NOW_MS)
const DIGESTS = ['aa', 'bb', 'cc'].map((pair) => pair.repeat(32))
const MANIFEST = '11'.repeat(32)
const TEXT = utf8('{"messages":[{"role":"user","content":"سر صغير"}]}')
const header = {
  job_id: 'job_1',
  policy_seq: 7,
  dir_digest: '22'.repeat(32),
  tier: 'confidential' as const,
  model_manifest: MANIFEST,
  max_out_bucket: 256,
  ts: NOW_MS,
}

async function setupSealed(suite: Suite, overrides: Partial<typeof header> = {}) {
  const keys = await Promise.all(DIGESTS.map(() => makeEpochKey(suite, EPOCH)))
  const to: SealTo[] = keys.map(({ publicKey }, at) => ({
    runnerId: `run_${at}`,
    epoch: EPOCH,
    evidenceDigest: DIGESTS[at] ?? '',
    publicKey,
  }))
  const sealed = await sealRequest({
    header: { ...header, ...overrides },
    suite: suiteOf(suite),
    to,
    plaintext: TEXT,
  })
  if (!sealed.ok) throw new Error(sealed.reason)
  const answerKeysOf = (at: number, nonce: Uint8Array<ArrayBuffer>) => {
    const secret = sealed.secrets[at]
    const enc = sealed.request.wraps[at]?.enc
    if (!secret || !enc) throw new Error(`there is no candidate ${at}`)
    return answerKeys(secret, enc, nonce)
  }
  return { ...sealed, keys, to, answerKeysOf }
}

function identityOf(at: number, { privateKey }: EpochKey): SealedIdentity {
  return {
    runnerId: `run_${at}`,
    evidenceDigest: () => DIGESTS[at],
    privateKey: (epoch) => (epoch === EPOCH ? privateKey : undefined),
    modelManifest: MANIFEST,
  }
}

const open = (
  request: SealedRequest,
  identity: SealedIdentity,
  nowMs = NOW_MS,
  seen = createReplayWindow(),
) => openRequest(request, identity, { seen, nowMs })

function keyAt(keys: readonly EpochKey[], at: number): EpochKey {
  const key = keys[at]
  if (!key) throw new Error(`there is no key ${at}`)
  return key
}

test.each(SUITES)('%s: each candidate opens the request, and gets what was asked', async (suite) => {
  const { request, keys, requestHash } = await setupSealed(suite)
  for (const at of [0, 1, 2]) {
    const opened = await open(request, identityOf(at, keyAt(keys, at)))
    expect(opened).toMatchObject({ ok: true, header: { job_id: 'job_1', tier: 'confidential' } })
    if (!opened.ok) continue
    expect(opened.plaintext).toEqual(TEXT)
    expect(opened.requestHash).toEqual(requestHash)
  }
  expect(request.wraps.map(({ enc }) => enc.length)).toEqual(DIGESTS.map(() => SUITE_FACTS[suite].enc))
  expect(JSON.stringify(request)).not.toContain('سر')
})

test.each(SUITES)('%s: an answer is opened by whoever asked, and by nobody else', async (suite) => {
  const { request, keys, answerKeysOf } = await setupSealed(suite)
  const opened = await open(request, identityOf(1, keyAt(keys, 1)))
  if (!opened.ok) throw new Error(opened.reason)
  const nonce = crypto.getRandomValues(new Uint8Array(32))
  const sealer = createAnswerSealer(await opened.answerKeys(nonce))
  const chunks = [await sealer.seal(utf8('silk '), 'middle'), await sealer.seal(utf8('thread'), 'last')]
  const opener = createAnswerOpener(await answerKeysOf(1, nonce))
  let text = ''
  for (const chunk of chunks) text += new TextDecoder().decode((await opener.open(chunk))?.piece)
  expect(text).toBe('silk thread')
  expect(opener.isWhole()).toBe(true)
  const other = createAnswerOpener(await answerKeysOf(0, nonce))
  expect(await other.open(chunks[0] ?? new Uint8Array())).toBeUndefined()
})

test('a second implementation, written from the RFC, reads our requests and answers', async () => {
  const { request, keys, to } = await setupSealed('x25519')
  const key = keyAt(keys, 2)
  const privateKey = new Uint8Array(await suiteOf('x25519').cipher.kem.serializePrivateKey(key.privateKey))
  const wrap = request.wraps[2]
  const target = to[2]
  if (!wrap || !target) throw new Error('three wraps')
  const { dataKey, responseSecret } = openWrap({
    privateKey,
    publicKey: key.publicKey,
    ...wrap,
    info: byTheBook.info(request.header, target.evidenceDigest),
    aad: byTheBook.wrapAad(request.ct),
  })
  expect(new Uint8Array(byTheBook.openBody(dataKey, request.header, request.ct))).toEqual(TEXT)
  const opened = await open(request, identityOf(2, key))
  if (!opened.ok) throw new Error(opened.reason)
  const nonce = crypto.getRandomValues(new Uint8Array(32))
  const sealer = createAnswerSealer(await opened.answerKeys(nonce))
  for (const [index, isLast] of [false, false, true].entries()) {
    const bytes = await sealer.seal(utf8(`piece ${index}`), isLast ? 'last' : 'middle')
    const piece = byTheBook.openChunk(responseSecret, wrap.enc, nonce, { index, isLast, bytes })
    expect(piece.toString()).toBe(`piece ${index}`)
  }
})

const flip = (bytes: Uint8Array<ArrayBuffer>, at: number) =>
  bytes.map((byte, index) => (index === at ? byte ^ 1 : byte))

type Attack = (request: SealedRequest) => SealedRequest
const withHeader =
  (change: (header: SealedHeader) => SealedHeader): Attack =>
  (request) => {
    const read = readHeader(request.header)
    if (!read) throw new Error('our own header')
    return { ...request, header: writeHeader(change(read)) }
  }
const withWrap =
  (change: (wrap: SealedRequest['wraps'][number]) => SealedRequest['wraps'][number]): Attack =>
  (request) => ({ ...request, wraps: request.wraps.map((wrap, at) => (at === 0 ? change(wrap) : wrap)) })

test.each<[string, Attack, OpenRefusal]>([
  ['a lowered tier', withHeader((one) => ({ ...one, tier: 'open' })), 'cannot-open'],
  ['another model', withHeader((one) => ({ ...one, model_manifest: '33'.repeat(32) })), 'wrong-model'],
  ['another job', withHeader((one) => ({ ...one, job_id: 'job_2' })), 'cannot-open'],
  ['a longer answer', withHeader((one) => ({ ...one, max_out_bucket: 4096 })), 'cannot-open'],
  ['another policy', withHeader((one) => ({ ...one, policy_seq: 8 })), 'cannot-open'],
  ['another directory', withHeader((one) => ({ ...one, dir_digest: '44'.repeat(32) })), 'cannot-open'],
  ['another time within the window', withHeader((one) => ({ ...one, ts: one.ts + 1 })), 'cannot-open'],
  ['fewer candidates than wraps', withHeader((one) => ({ ...one, cand: one.cand.slice(0, 2) })), 'malformed'],
  [
    'a member that nobody knows',
    (one) => ({ ...one, header: one.header.replace('{', '{"a":1,') }),
    'malformed',
  ],
  ['white space in the header', (one) => ({ ...one, header: one.header.replace(',', ', ') }), 'malformed'],
  ['an altered ciphertext', (one) => ({ ...one, ct: flip(one.ct, 20) }), 'cannot-open'],
  ['a shortened ciphertext', (one) => ({ ...one, ct: one.ct.slice(0, -1) }), 'cannot-open'],
  ['an altered wrap', withWrap((one) => ({ ...one, wrapped: flip(one.wrapped, 3) })), 'cannot-open'],
  ['another encapsulated key', withWrap((one) => ({ ...one, enc: flip(one.enc, 3) })), 'cannot-open'],
  ['swapped wraps', (one) => ({ ...one, wraps: one.wraps.toReversed() }), 'cannot-open'],
])('%s is refused: the carrier can change nothing', async (_, attack, reason) => {
  const { request, keys } = await setupSealed('x25519')
  expect(await open(attack(request), identityOf(0, keyAt(keys, 0)))).toEqual({ ok: false, reason })
})

test('a recipient who was not chosen by the client cannot be added', async () => {
  const { request } = await setupSealed('x25519')
  const intruder = await makeEpochKey('x25519', EPOCH)
  const named = withHeader((one) => ({
    ...one,
    cand: one.cand.map((candidate, at) => (at === 0 ? { ...candidate, runner_id: 'run_evil' } : candidate)),
  }))(request)
  const identity = { ...identityOf(0, intruder), runnerId: 'run_evil' }
  expect(await open(named, identity)).toEqual({ ok: false, reason: 'cannot-open' })
  expect(await open(request, identity)).toEqual({ ok: false, reason: 'not-for-me' })
})

test('an old epoch, other evidence, another loaded model and a wrong clock are refused before any key is used', async () => {
  const { request, keys } = await setupSealed('x25519')
  const me = identityOf(0, keyAt(keys, 0))
  expect(await open(request, { ...me, privateKey: () => undefined })).toMatchObject({ reason: 'key-epoch' })
  expect(await open(request, { ...me, evidenceDigest: () => DIGESTS[1] })).toMatchObject({
    reason: 'wrong-evidence',
  })
  expect(await open(request, { ...me, modelManifest: '' })).toMatchObject({ reason: 'wrong-model' })
  for (const nowMs of [NOW_MS + 120_001, NOW_MS - 120_001, Number.NaN, 0]) {
    expect(await open(request, me, nowMs)).toMatchObject({ reason: 'too-old' })
  }
})

test('the same request is taken once', async () => {
  const { request, keys } = await setupSealed('x25519')
  const seen = createReplayWindow()
  const me = identityOf(0, keyAt(keys, 0))
  expect(await open(request, me, NOW_MS, seen)).toMatchObject({ ok: true })
  expect(await open(request, me, NOW_MS, seen)).toEqual({ ok: false, reason: 'replayed' })
})

test('a full epoch takes nothing more, and rubbish does not fill it', async () => {
  const seen = createReplayWindow(1)
  const { request, keys } = await setupSealed('x25519')
  const me = identityOf(0, keyAt(keys, 0))
  await open({ ...request, ct: flip(request.ct, 1) }, me, NOW_MS, seen)
  expect(await open(request, me, NOW_MS, seen)).toMatchObject({ ok: true })
  const another = await sealRequest({
    header,
    suite: suiteOf('x25519'),
    to: [
      {
        runnerId: 'run_0',
        epoch: EPOCH,
        evidenceDigest: DIGESTS[0] ?? '',
        publicKey: keyAt(keys, 0).publicKey,
      },
    ],
    plaintext: TEXT,
  })
  if (!another.ok) throw new Error(another.reason)
  expect(await open(another.request, me, NOW_MS, seen)).toEqual({ ok: false, reason: 'replayed' })
})

test('chunks that are dropped, repeated, reordered or altered end the answer, and so does a stripped end', async () => {
  const { request, keys, answerKeysOf } = await setupSealed('x25519')
  const opened = await open(request, identityOf(0, keyAt(keys, 0)))
  if (!opened.ok) throw new Error(opened.reason)
  const nonce = new Uint8Array(32)
  const sealer = createAnswerSealer(await opened.answerKeys(nonce))
  const [first, second, last] = [
    await sealer.seal(utf8('1'), 'middle'),
    await sealer.seal(utf8('2'), 'middle'),
    await sealer.seal(utf8('3'), 'last'),
  ]
  const readAll = async (chunks: readonly Uint8Array<ArrayBuffer>[]) => {
    const opener = createAnswerOpener(await answerKeysOf(0, nonce))
    for (const chunk of chunks) if (!(await opener.open(chunk))) return 'broken'
    return opener.isWhole() ? 'whole' : 'cut'
  }
  expect(await readAll([first, second, last])).toBe('whole')
  expect(await readAll([first, last])).toBe('broken')
  expect(await readAll([second, first, last])).toBe('broken')
  expect(await readAll([first, first, second, last])).toBe('broken')
  expect(await readAll([first, second])).toBe('cut')
  expect(await readAll([first, second, last, last])).toBe('broken')
  expect(await readAll([flip(first, 0), second, last])).toBe('broken')
  expect(await readAll([utf8('{"choices":[{"delta":{"content":"plain text"}}]}')])).toBe('broken')
  await expect(sealer.seal(utf8('4'), 'middle')).rejects.toThrow('over')
})

test('sizes say only the bucket', () => {
  expect(pad(new Uint8Array(252), REQUEST_BUCKETS)).toHaveLength(256)
  expect(pad(new Uint8Array(253), REQUEST_BUCKETS)).toHaveLength(1024)
  expect(pad(new Uint8Array(4093), CHUNK_BUCKETS)).toBeUndefined()
  const padded = pad(utf8('silk'), CHUNK_BUCKETS) ?? new Uint8Array()
  expect(unpad(padded, CHUNK_BUCKETS)).toEqual(utf8('silk'))
  expect(unpad(flip(padded, 255), CHUNK_BUCKETS)).toBeUndefined()
  expect(unpad(padded.slice(0, 200), CHUNK_BUCKETS)).toBeUndefined()
  expect(unpad(flip(padded, 0), CHUNK_BUCKETS)).toBeUndefined()
})

test('a key lives for its hour and ten minutes more', () => {
  const start = EPOCH * 3_600_000
  expect(
    [start - 600_001, start - 600_000, start, start + 4_199_999, start + 4_200_000].map((at) =>
      isEpochOpen(EPOCH, at),
    ),
  ).toEqual([false, true, true, true, false])
})

test('what cannot be sealed is said: too long, nobody, a key that is none', async () => {
  const to = [
    { runnerId: 'run_0', epoch: EPOCH, evidenceDigest: DIGESTS[0] ?? '', publicKey: new Uint8Array(31) },
  ]
  const seal = (change: object) =>
    sealRequest({ header, suite: suiteOf('x25519'), to, plaintext: TEXT, ...change })
  expect(await seal({})).toEqual({ ok: false, reason: 'bad-key' })
  expect(await seal({ to: [] })).toEqual({ ok: false, reason: 'no-candidates' })
  expect(await seal({ plaintext: new Uint8Array(1_048_576) })).toEqual({ ok: false, reason: 'too-long' })
  expect(fromHex('zz')).toBeUndefined()
})
