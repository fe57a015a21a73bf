import { expect, test } from 'vitest'
import { fromHex, readUtf8, utf8 } from '../../bytes.ts'
import { toHex } from '../../canonical-json.ts'
import { replayEvents } from '../tdx/event-log.ts'
import {
  CHALLENGE,
  type Changes,
  HOUR_MS,
  makeStatement,
  NOW_MS,
  snpVerdict,
  tdxRequest,
  tdxVerdict,
  verdictOf,
} from '../verification-fixture.ts'
import { verifyEvidence } from '../verify-evidence.ts'
import { beaconNonce, bindEvidence, evidenceDigest, type Freshness, platformIdOf } from './binding.ts'
import { parseStatement, writeStatement } from './statement.ts'

const BEACON = 'be'.repeat(32)
const MODEL_EVENT = { name: 'model', digest: 'ab'.repeat(32) } as const
const IMAGE_EVENT = { name: 'image', digest: '51'.repeat(32) } as const

/** Beacons of a client, and evidence that answers the first of them. */
async function withBeacons(...beacons: readonly (readonly [string, number])[]): Promise<Changes> {
  const freshness: Freshness = {
    kind: 'beacon',
    beacons: beacons.map(([value, publishedAtMs]) => ({ value, publishedAtMs })),
  }
  return { nonce: await beaconNonce(fromHex(BEACON) ?? new Uint8Array()), request: { freshness } }
}

test('the hashes are those of the contract', async () => {
  // Reckoned with another implementation of SHA-2. A change of one of them parts every runner from every client.
  const nonce = new Uint8Array(32).fill(1)
  const binding = await bindEvidence(nonce, utf8('statement'), utf8('devices'))
  expect(toHex(binding.statementDigest)).toBe(
    'b111c6e1d318f203063e5c16bab43c108326af0aa2f7b65760c95547a43dbe52',
  )
  expect(toHex(binding.devicesDigest)).toBe(
    'ade15a1287dabe92c77ad32bbfada2ba4f6593433011b090530bd2fa0d86d8a0',
  )
  expect(toHex(binding.gpuNonce)).toBe('8395a858756cd4587f96e4517f3bc4f03c9df8514b25993d37934bac9c3cb42f')
  expect(toHex(binding.reportData)).toBe(
    'bf515230becf72b74d8ab2cb3211d1ff274c18feb566d0c77ed7c438a29946f4' +
      '011056c377820409b52987c63ca45ef8f54844ede64b4517eb2e656c6a85c58a',
  )
  expect(await evidenceDigest(utf8('statement'), utf8('devices'), utf8('quote'))).toBe(
    '7f18054d8a147d5e86bffee792a4567ec48cfa226483af0c0a64764ee9cffa53',
  )
  expect(toHex(await beaconNonce(new Uint8Array(32).fill(0xbe)))).toBe(
    'b5a4d2d87077ea32975c04abda8604c7b87b242d56cd6dd4c2116548aa304ad7',
  )
  expect(await platformIdOf(new Uint8Array(16).fill(0x51))).toBe(
    '977bb70b474637ba59a42514cacc599d0499f6593d06ac0c5553d796850d01a7',
  )
  expect(toHex(await replayEvents([IMAGE_EVENT, MODEL_EVENT]))).toBe(
    '2092f1eb89d92228d9ae35405980637056cb567bf8f8ed360d7c317d1e2b7cc6' + 'cf2333564193e513fbbec741248eace4',
  )
})

test('evidence for a beacon that the client knows is accepted for two hours', async () => {
  const changes = await withBeacons([BEACON, NOW_MS - HOUR_MS])
  const { document, accepted } = await verifyEvidence(await tdxRequest(changes))
  expect(document.verdict).toBe('accepted')
  expect(accepted?.untilMs).toBe(NOW_MS + HOUR_MS)
})

const beacons: readonly (readonly [string, string, number])[] = [
  ['beacon-stale', 'older than two hours', NOW_MS - 2 * HOUR_MS - 1],
  ['beacon-stale', 'without a date', Number.NaN],
  ['beacon-future', 'of the future', NOW_MS + HOUR_MS],
]
test.each(beacons)('%s: a beacon %s is refused', async (reason, _, publishedAtMs) => {
  expect(await tdxVerdict(await withBeacons([BEACON, publishedAtMs]))).toBe(reason)
})

test('beacon-unknown: a beacon that the client does not know is refused', async () => {
  expect(await tdxVerdict(await withBeacons(['ef'.repeat(32), NOW_MS]))).toBe('beacon-unknown')
})

test('report-data: evidence that answered another client’s challenge is refused, on both makers’ processors', async () => {
  const nonce = new Uint8Array(32).fill(0xd2)
  expect(await tdxVerdict({ nonce })).toBe('report-data')
  expect(await snpVerdict({ nonce })).toBe('report-data')
  expect(await tdxVerdict({ nonce: CHALLENGE })).toBe('accepted')
})

test('report-data: evidence that answered a challenge does not answer a beacon', async () => {
  const { request } = await withBeacons([BEACON, NOW_MS])
  expect(await tdxVerdict({ request: request ?? {} })).toBe('report-data')
})

test('challenge-malformed: a challenge of another size is refused', async () => {
  const freshness: Freshness = { kind: 'challenge', challenge: new Uint8Array(16) }
  expect(await tdxVerdict({ request: { freshness } })).toBe('challenge-malformed')
})

test('report-data: a quote that speaks of another key is refused', async () => {
  const stolen = await makeStatement({
    kem: { epoch: 5, keys: [{ id: 32, publicKey: `${'B'.repeat(42)}A` }] },
  })
  expect(await tdxVerdict({ changeStatement: () => writeStatement(stolen) })).toBe('report-data')
})

test('report-data: a quote that speaks of other devices is refused', async () => {
  const one = await tdxRequest()
  const other = await tdxRequest({ gpu: { driver: 'SIMULATED 2.0' } })
  const swap: { devices: string } = JSON.parse(readUtf8(other.evidence) ?? '')
  const evidence = utf8(
    JSON.stringify({ ...JSON.parse(readUtf8(one.evidence) ?? ''), devices: swap.devices }),
  )
  expect(await verdictOf({ ...one, evidence })).toBe('report-data')
})

const statements: readonly (readonly [string, string, Changes])[] = [
  ['statement-network', 'of another network', { statement: { network: 'main' } }],
  ['runner-id', 'of a runner that its key does not name', { statement: { runnerId: '77'.repeat(32) } }],
  ['statement-window', 'for more than two hours', { statement: { expiresAtMs: NOW_MS + 2 * HOUR_MS } }],
  ['statement-window', 'that ends before it begins', { statement: { expiresAtMs: NOW_MS - HOUR_MS } }],
  [
    'statement-expired',
    'that is over',
    { statement: { notBeforeMs: NOW_MS - HOUR_MS, expiresAtMs: NOW_MS - 1 } },
  ],
  ['statement-not-yet-valid', 'of later', { statement: { notBeforeMs: NOW_MS + 1 } }],
  ['image', 'of an image that no release has', { statement: { image: '99'.repeat(32) } }],
]
test.each(statements)('%s: a statement %s is refused', async (reason, _, changes) => {
  expect(await tdxVerdict(changes)).toBe(reason)
})

test('runner-revoked, platform-revoked: a revoked runner and a revoked machine are refused', async () => {
  const { document, accepted } = await verifyEvidence(await tdxRequest())
  const revoked = { runners: [], platforms: [], certificates: [] }
  const runners = { revoked: { ...revoked, runners: [document.runnerId ?? ''] } }
  expect(await tdxVerdict({ policy: runners })).toBe('runner-revoked')
  const platforms = { revoked: { ...revoked, platforms: [accepted?.platformId ?? ''] } }
  expect(await tdxVerdict({ policy: platforms })).toBe('platform-revoked')
})

test('platform-unregistered: a tier that demands a registered machine refuses others', async () => {
  const request = await tdxRequest()
  const wanted = { ...request.wanted, platforms: 'registered' as const }
  expect(await verdictOf({ ...request, wanted })).toBe('platform-unregistered')
  const { accepted } = await verifyEvidence(request)
  const registered = { policy: { platforms: [accepted?.platformId ?? ''] }, request: { wanted } }
  expect(await tdxVerdict(registered)).toBe('accepted')
})

test('event-replay: an event log that does not lead to its register is refused', async () => {
  const { document } = await verifyEvidence(await tdxRequest({ quote: { rtmr3: new Uint8Array(48) } }))
  expect(document.reason).toBe('event-replay')
})

const logs: readonly (readonly [string, string, Changes['eventLog']])[] = [
  ['event-log', 'without the image', [MODEL_EVENT]],
  ['event-log', 'with the image twice', [IMAGE_EVENT, MODEL_EVENT, IMAGE_EVENT]],
  ['event-log', 'without the model', [IMAGE_EVENT]],
  ['image', 'with another image', [{ ...IMAGE_EVENT, digest: '99'.repeat(32) }, MODEL_EVENT]],
]
test.each(logs)('%s: an event log %s is refused', async (reason, _, eventLog) => {
  expect(await tdxVerdict({ eventLog: eventLog ?? [] })).toBe(reason)
})

test('model-missing, model-manifest: a runner without the model that was asked for is refused', async () => {
  const request = await tdxRequest()
  const { wanted } = request
  expect(await verdictOf({ ...request, wanted: { ...wanted, model: 'other-model' } })).toBe('model-missing')
  const other = { ...wanted, manifestDigest: 'cd'.repeat(32) }
  expect(await verdictOf({ ...request, wanted: other })).toBe('model-manifest')
})

test('model-manifest: a runner that lists one model with two manifests is refused for it', async () => {
  const twice = [
    { id: 'test-model', manifestDigest: 'ab'.repeat(32) },
    { id: 'test-model', manifestDigest: 'cd'.repeat(32) },
  ]
  expect(await tdxVerdict({ statement: { models: twice } })).toBe('model-manifest')
})

test('a statement is read with its own members only, each of them once', async () => {
  const statement = await makeStatement()
  const text = readUtf8(writeStatement(statement)) ?? ''
  expect(parseStatement(utf8(text))).toEqual(statement)
  expect(parseStatement(utf8(text.replaceAll(',', ' ,\n')))).toEqual(statement)
  expect(parseStatement(utf8(text.replace('{', '{"more":1,')))).toBeUndefined()
  expect(parseStatement(utf8(text.replace('{', '{"image":"x",')))).toBeUndefined()
  expect(parseStatement(utf8(text.replace('"version":1', '"version":2')))).toBeUndefined()
  expect(parseStatement(utf8(`${text} {}`))).toBeUndefined()
  expect(
    parseStatement(
      writeStatement({ ...statement, kem: { epoch: 5, keys: [{ id: 25722, publicKey: 'A'.repeat(43) }] } }),
    ),
  ).toBeUndefined()
  expect(parseStatement(new Uint8Array(20_000).fill(0x20))).toBeUndefined()
})
