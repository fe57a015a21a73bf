import { expect, test } from 'vitest'
import { toCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { toHex } from '../../../protocol/src/canonical-json.ts'
import { writeEnvelope } from '../../../protocol/src/sealed/envelope.ts'
import { makeEpochKey } from '../../../protocol/src/sealed/epoch-key.ts'
import { type SealedHeader, writeHeader } from '../../../protocol/src/sealed/header.ts'
import { type SealTo, sealRequest } from '../../../protocol/src/sealed/seal-request.ts'
import { X_WING } from '../../../protocol/src/sealed/suite-x-wing.ts'
import { X25519 } from '../../../protocol/src/sealed/suite-x25519.ts'
import type { SealSuite } from '../../../protocol/src/sealed/suites.ts'
import { readSealedChat } from './read-sealed-chat.ts'

const NOW_MS = 1_790_000_000_000

async function seal(change: Partial<SealedHeader> = {}, suite: SealSuite = X25519) {
  const { publicKey } = await makeEpochKey(suite.name, 1)
  const to: SealTo[] = ['a', 'b'].map((name) => ({
    runnerId: name,
    epoch: 1,
    evidenceDigest: 'e'.repeat(64),
    publicKey,
  }))
  const sealed = await sealRequest({
    suite,
    to,
    plaintext: new Uint8Array(300),
    header: {
      job_id: 'j',
      policy_seq: 1,
      dir_digest: 'd'.repeat(64),
      tier: 'confidential',
      model_manifest: 'f'.repeat(64),
      max_out_bucket: 512,
      ts: NOW_MS,
      ...change,
    },
  })
  if (!sealed.ok) throw new Error(sealed.reason)
  const { request, requestHash } = sealed
  const header = JSON.parse(request.header) as SealedHeader
  return { body: { model: 'm', ...writeEnvelope(request) }, header, requestHash: toHex(requestHash) }
}

test.each([X25519, X_WING])(
  'a request that $name sealed tells what a job needs to know of it',
  async (suite) => {
    const { body, header, requestHash } = await seal({}, suite)
    const { model, ...envelope } = body
    const read = await readSealedChat(
      { ...body, linger_seconds: 5, max_price: { input: 3, output: 4 } },
      NOW_MS + 120_000,
    )
    expect(read).toEqual({
      ok: true,
      order: {
        kind: 'sealed',
        model,
        tier: 'confidential',
        header,
        envelope,
        requestHash,
        lingerMs: 5000,
        maxPrice: { input: 3n, output: 4n },
      },
    })
  },
)

test.each([120_001, -120_001, Number.NaN])('one that is %d ms old is refused', async (ageMs) => {
  const { body } = await seal()
  expect(await readSealedChat(body, NOW_MS + ageMs)).toMatchObject({ ok: false, reason: 'sealed-too-old' })
})

test('one that may have come before may be old, and not of the future', async () => {
  const { body } = await seal()
  expect(await readSealedChat(body, NOW_MS + 900_000, 'maybe-again')).toMatchObject({ ok: true })
  const ahead = await readSealedChat(body, NOW_MS - 120_001, 'maybe-again')
  expect(ahead).toMatchObject({ ok: false, reason: 'sealed-too-old' })
  expect(await readSealedChat(body, Number.NaN, 'maybe-again')).toMatchObject({ ok: false })
})

test('an open tier is not sealed', async () => {
  const { body } = await seal({ tier: 'open' })
  expect(await readSealedChat(body, NOW_MS)).toMatchObject({ ok: false, reason: 'sealed-tier' })
})

type Body = Awaited<ReturnType<typeof seal>>['body']
const bytes = (length: number) => toCanonicalBase64Url(new Uint8Array(length))
const rewrite = (body: Body, change: Partial<SealedHeader>) => ({
  ...body,
  header: writeHeader({ ...(JSON.parse(body.header) as SealedHeader), ...change }),
})

test.each<[string, string | null, (body: Body) => unknown]>([
  ['no object', null, () => 'sealed'],
  ['an unknown member', null, (body) => ({ ...body, messages: [] })],
  ['a header in another spelling', 'header', (body) => ({ ...body, header: ` ${body.header}` })],
  [
    'a header with an unknown member',
    'header',
    (body) => ({ ...body, header: body.header.replace('{', '{"a":1,') }),
  ],
  ['an answer of no bucket', 'header', (body) => rewrite(body, { max_out_bucket: 513 })],
  ['a length of no bucket', 'header', (body) => rewrite(body, { len_bucket: 1025 })],
  ['a length of another bucket', 'ct', (body) => rewrite(body, { len_bucket: 4096 })],
  ['ciphertext that is too short', 'ct', (body) => ({ ...body, ct: bytes(1024) })],
  ['ciphertext in another spelling', 'ct', (body) => ({ ...body, ct: `${body.ct.slice(0, -1)}B` })],
  ['a wrap too few', 'wraps', (body) => ({ ...body, wraps: body.wraps.slice(1) })],
  [
    'an encapsulation of another suite',
    'wraps',
    (body) => ({ ...body, wraps: body.wraps.map((wrap) => ({ ...wrap, enc: bytes(1120) })) }),
  ],
  [
    'a wrapped key that is too long',
    'wraps',
    (body) => ({ ...body, wraps: body.wraps.map((wrap) => ({ ...wrap, wrapped: bytes(47) })) }),
  ],
])('%s is refused, and its member is named', async (_, param, change) => {
  const { body } = await seal()
  expect(await readSealedChat(change(body), NOW_MS)).toEqual({ ok: false, reason: 'sealed-malformed', param })
})

test('one runner twice is refused', async () => {
  const { body, header } = await seal()
  const [first, second] = header.cand
  if (!first || !second) throw new Error('no candidates')
  const twice = rewrite(body, { cand: [first, { ...second, runner_id: first.runner_id }] })
  expect(await readSealedChat(twice, NOW_MS)).toMatchObject({ ok: false, reason: 'sealed-malformed' })
})
