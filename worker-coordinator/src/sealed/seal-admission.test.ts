import { expect, test } from 'vitest'
import type { Policy } from '../../../protocol/src/attestation/policy/policy.ts'
import {
  type Changes,
  DAY_MS,
  HOUR_MS,
  MODEL,
  NOW_MS,
} from '../../../protocol/src/attestation/verification-fixture.ts'
import { verifyEvidence } from '../../../protocol/src/attestation/verify-evidence.ts'
import { utf8 } from '../../../protocol/src/bytes.ts'
import type { SealKeysFrame } from '../../../protocol/src/runner/up.ts'
import { EPOCH_MS, EPOCH_OVERLAP_MS } from '../../../protocol/src/sealed/epoch-open.ts'
import { setupAdmission } from './admission-fixture.ts'
import { SEAL_DOCUMENT_BYTES_MAX, type SealAdmissionDeps } from './seal-admission.ts'
import {
  EPOCH,
  listTestBeacons,
  makePairedFrame,
  makePins,
  makeSealingLink,
  makeStoredPolicy,
  makeTeeFrame,
} from './sealing-runner-fixture.ts'

const runner = await makeSealingLink()
const { link } = runner
const NOBODY = { runners: [], platforms: [], certificates: [] }

const setup = (overrides: Partial<SealAdmissionDeps> = {}) => setupAdmission(link, overrides)

test('a paired runner’s announcement is admitted until its epoch is over, and kept as it came', async () => {
  const { kept, admit } = await setup()
  const frame = await makePairedFrame(runner)
  const admitted = await admit(frame)
  expect(admitted).toMatchObject({
    ok: true,
    key: {
      runnerId: link.runnerId,
      kind: 'paired',
      epoch: EPOCH,
      signingKey: link.publicKey,
      untilMs: NOW_MS + HOUR_MS,
      policySeq: 0,
      isSimulated: false,
    },
  })
  expect(kept).toMatchObject([{ runnerId: link.runnerId, models: [MODEL], document: frame.document }])
})
test('keys end with their epoch, whatever their announcement says', async () => {
  const { admit } = await setup()
  const frame = await makePairedFrame(runner, { expiresAtMs: NOW_MS - 1000 + 2 * HOUR_MS })
  expect(await admit(frame)).toMatchObject({
    key: { untilMs: (EPOCH + 1) * EPOCH_MS + EPOCH_OVERLAP_MS },
  })
})
test('the next epoch’s keys are admitted ten minutes ahead, and no earlier', async () => {
  const { admit } = await setup()
  const keys = [{ id: 32, publicKey: 'A'.repeat(43) } as const]
  const frame = await makePairedFrame(runner, { kem: { epoch: EPOCH + 1, keys } })
  const openMs = (EPOCH + 1) * EPOCH_MS - EPOCH_OVERLAP_MS
  expect(await admit(frame, openMs - 1)).toEqual({ ok: false, reason: 'epoch-closed' })
  expect(await admit(frame, openMs)).toMatchObject({ ok: true, key: { epoch: EPOCH + 1 } })
})

const other = await makeSealingLink()
const KEM = { keys: [{ id: 32, publicKey: 'A'.repeat(43) }] } as const
const announcements: readonly (readonly [string, string, () => Promise<SealKeysFrame>])[] = [
  ['owner', 'of another runner', () => makePairedFrame(other)],
  ['model-missing', 'of another model', () => makePairedFrame(runner, { models: [{ ...MODEL, id: 'b' }] })],
  [
    'model-manifest',
    'of other files',
    () => makePairedFrame(runner, { models: [{ ...MODEL, manifestDigest: 'cd'.repeat(32) }] }),
  ],
  ['keys-expired', 'that is over', () => makePairedFrame(runner, { expiresAtMs: NOW_MS - 1 })],
  [
    'epoch-closed',
    'of an epoch that is over',
    () => makePairedFrame(runner, { kem: { epoch: EPOCH - 2, keys: [...KEM.keys] } }),
  ],
  [
    'keys-signature',
    'that another key signed',
    () => makePairedFrame({ link, privateKey: other.privateKey }),
  ],
  ['keys-malformed', 'that is none', async () => ({ type: 'seal.keys', kind: 'paired', document: '{' })],
]
test.each(announcements)('%s: an announcement %s is refused', async (reason, _, makeFrame) => {
  const { kept, admit } = await setup()
  expect(await admit(await makeFrame())).toEqual({ ok: false, reason })
  expect(kept).toEqual([])
})

test('a TEE’s evidence that passes the verifier and pays the link’s runner is admitted', async () => {
  const { kept, admit } = await setup()
  const frame = await makeTeeFrame(link.runnerId)
  const admitted = await admit(frame)
  expect(admitted).toMatchObject({
    ok: true,
    key: { kind: 'tee', epoch: EPOCH, policySeq: 1, isSimulated: true, untilMs: NOW_MS + HOUR_MS },
  })
  expect(kept).toMatchObject([{ runnerId: link.runnerId, document: frame.document }])
  const key = kept[0]?.key
  expect(key?.runnerId).toMatch(/^[0-9a-f]{64}$/)
  expect(key?.signingKey).toMatch(/^[A-Za-z0-9_-]{43}$/)
})

const [oldest] = listTestBeacons(NOW_MS - 3 * HOUR_MS)
type Refused = readonly [string, string, { readonly shown?: Changes; readonly policy?: Partial<Policy> }]
const runnerId = async () => {
  const { admit, kept } = await setup()
  await admit(await makeTeeFrame(link.runnerId))
  return kept[0]?.key.runnerId ?? ''
}
const platformId = async () => {
  const { document } = await makeTeeFrame(link.runnerId)
  const { accepted } = await verifyEvidence({
    evidence: utf8(document),
    policy: (await makeStoredPolicy()).document,
    pins: await makePins(),
    freshness: { kind: 'beacon', beacons: listTestBeacons(NOW_MS) },
    wanted: { model: MODEL.id, manifestDigest: MODEL.manifestDigest, platforms: 'any' },
    simulation: 'allowed',
    nowMs: NOW_MS,
  })
  return accepted?.platformId ?? ''
}
const refused: readonly Refused[] = [
  ['model-missing', 'of another model', { shown: { statement: { models: [{ ...MODEL, id: 'b' }] } } }],
  [
    'model-manifest',
    'of other files',
    { shown: { statement: { models: [{ ...MODEL, manifestDigest: 'cd'.repeat(32) }] } } },
  ],
  ['statement-expired', 'that is over', { shown: { statement: { expiresAtMs: NOW_MS - 1 } } }],
  [
    'epoch-closed',
    'of an epoch that is over',
    { shown: { statement: { kem: { epoch: EPOCH - 2, keys: [...KEM.keys] } } } },
  ],
  ['beacon-unknown', 'for a beacon of hours ago', { shown: { statement: { beacon: oldest?.value ?? '' } } }],
  [
    'policy-expired',
    'under a policy that is over',
    { policy: { issuedAtMs: NOW_MS - 2 * DAY_MS, expiresAtMs: NOW_MS - 1 } },
  ],
  [
    'runner-revoked',
    'of a revoked runner',
    { policy: { revoked: { ...NOBODY, runners: [await runnerId()] } } },
  ],
  [
    'platform-revoked',
    'of a revoked machine',
    { policy: { revoked: { ...NOBODY, platforms: [await platformId()] } } },
  ],
  ['tcb-info-rolled-back', 'with old collateral', { policy: { minTcbEvaluationNumber: 1_000_000 } }],
]
test.each(refused)('%s: evidence %s is refused', async (reason, _, { shown, policy }) => {
  const { kept, state, admit } = await setup()
  state.policy = await makeStoredPolicy(policy)
  expect(await admit(await makeTeeFrame(link.runnerId, shown))).toEqual({ ok: false, reason })
  expect(kept).toEqual([])
})
test('owner: evidence that pays another runner than the link’s is refused', async () => {
  const { kept, admit } = await setup()
  expect(await admit(await makeTeeFrame(other.link.runnerId))).toEqual({ ok: false, reason: 'owner' })
  expect(kept).toEqual([])
})
test('simulation-refused: a build that refuses the simulated TEE admits none of its evidence', async () => {
  const { admit } = await setup({ simulation: 'refused' })
  expect(await admit(await makeTeeFrame(link.runnerId))).toEqual({ ok: false, reason: 'simulation-refused' })
})
test('no-policy: without a policy no evidence is admitted, and announcements are', async () => {
  const { state, admit } = await setup()
  state.policy = undefined
  expect(await admit(await makeTeeFrame(link.runnerId))).toEqual({ ok: false, reason: 'no-policy' })
  expect(await admit(await makePairedFrame(runner))).toMatchObject({ ok: true })
})
test('evidence that a newer policy takes is admitted at once, also where the older one is still remembered', async () => {
  const { state, admission, admit } = await setup()
  state.policy = await makeStoredPolicy({ minTcbEvaluationNumber: 1_000_000 })
  await admission.policySeq(NOW_MS)
  state.policy = await makeStoredPolicy({ seq: 2 })
  expect(await admit(await makeTeeFrame(link.runnerId), NOW_MS + 1)).toMatchObject({
    ok: true,
    key: { policySeq: 2 },
  })
})
test('evidence-too-large, too-many-keys, store-failed: bounds hold and nothing throws', async () => {
  const { admit } = await setup()
  const frame = {
    type: 'seal.keys',
    kind: 'tee',
    document: '€'.repeat(SEAL_DOCUMENT_BYTES_MAX / 3 + 1),
  } as const
  expect(await admit(frame)).toEqual({ ok: false, reason: 'evidence-too-large' })
  const full = await setup({ keepDocument: async () => false })
  expect(await full.admit(await makePairedFrame(runner))).toEqual({ ok: false, reason: 'too-many-keys' })
  const broken = await setup({ keepDocument: () => Promise.reject(new Error('down')) })
  expect(await broken.admit(await makePairedFrame(runner))).toEqual({ ok: false, reason: 'store-failed' })
  expect(broken.lines).toMatchObject([{ event: 'seal-keys-failed', runner: link.runnerId }])
})
test('a runner that shows keys without end is heard twenty times a minute', async () => {
  const { admit } = await setup()
  const frame = { type: 'seal.keys', kind: 'paired', document: '{' } as const
  for (let times = 0; times < 20; times++)
    expect(await admit(frame)).toEqual({ ok: false, reason: 'keys-malformed' })
  expect(await admit(frame)).toEqual({ ok: false, reason: 'too-many-keys' })
  expect(await admit(frame, NOW_MS + 3000)).toEqual({ ok: false, reason: 'keys-malformed' })
})
