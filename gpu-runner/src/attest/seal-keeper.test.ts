import { expect, test } from 'vitest'
import { signPolicy } from '../../../protocol/src/attestation/policy/sign-policy.ts'
import {
  SIMULATED_IMAGE,
  simulatedPolicy,
} from '../../../protocol/src/attestation/simulated/simulated-policy.ts'
import { makeSimulatedTee, simulatedRootsOf } from '../../../protocol/src/attestation/simulated-evidence.ts'
import { sharedSigners } from '../../../protocol/src/attestation/verification-fixture.ts'
import { verifyEvidence } from '../../../protocol/src/attestation/verify-evidence.ts'
import { utf8 } from '../../../protocol/src/bytes.ts'
import { toHex } from '../../../protocol/src/canonical-json.ts'
import type { SealKeysFrame } from '../../../protocol/src/runner/up.ts'
import { EPOCH_MS, epochAt } from '../../../protocol/src/sealed/epoch-open.ts'
import { checkPairedKeys } from '../../../protocol/src/sealed/paired-keys.ts'
import { SUITES } from '../../../protocol/src/sealed/suites.ts'
import { createFakeClock, settle, until } from '../../test/fake-clock.ts'
import { FACTS } from '../../test/scripted-engine.ts'
import { offerOf, pairedCandidate, QUESTION, sealTo, teeCandidate } from '../../test/sealed-client.ts'
import { makeTestIdentity } from '../../test/test-identity.ts'
import { openTestSeals } from '../../test/test-seals.ts'
import type { RunnerEvent } from '../events.ts'
import { createTeeAnnouncer, makeTeeSigner } from './evidence-maker.ts'
import type { ReadBeacon } from './read-beacon.ts'
import { createSimulatedTee } from './tee/simulated-tee.ts'
import type { Made } from './tee/tee.ts'

const MINUTE_MS = 60_000
const START_MS = EPOCH_MS * 500_000 + 30 * MINUTE_MS
const MODEL = { id: FACTS.model, manifestDigest: FACTS.manifestDigest }
const BEACON = 'be'.repeat(32)

async function setupKeeper() {
  const clock = createFakeClock(START_MS)
  const identity = await makeTestIdentity()
  const events: RunnerEvent[] = []
  const seals = await openTestSeals({ clock, identity, report: (event) => void events.push(event) })
  const news: SealKeysFrame[] = []
  seals.subscribe((frame) => void news.push(frame))
  return { clock, identity, seals, events, news }
}

async function setupTee(overrides: { readonly readBeacon?: ReadBeacon } = {}) {
  const clock = createFakeClock(START_MS)
  const identity = await makeTestIdentity()
  const simulated = await makeSimulatedTee(START_MS, { gpus: 2 })
  const signer = await makeTeeSigner()
  const events: RunnerEvent[] = []
  const beacon: Made<{ network: string; value: string }> = {
    ok: true,
    value: { network: 'sim-local', value: BEACON },
  }
  const announcer = createTeeAnnouncer({
    tee: createSimulatedTee(simulated, { clock, image: SIMULATED_IMAGE, models: [MODEL] }),
    readBeacon: overrides.readBeacon ?? (async () => beacon),
    signer,
    owner: identity.runnerId,
    image: SIMULATED_IMAGE,
    models: [MODEL],
  })
  const report = (event: RunnerEvent) => void events.push(event)
  const seals = await openTestSeals({ clock, identity, more: [announcer], report })
  const teeFrame = () => seals.frames().findLast(({ kind }) => kind === 'tee')
  const signers = await sharedSigners()
  const verify = async (frame: SealKeysFrame | undefined) =>
    verifyEvidence({
      evidence: utf8(frame?.document ?? ''),
      policy: await signPolicy(
        simulatedPolicy(simulatedRootsOf(simulated), { nowMs: START_MS }),
        signers.slice(0, 2),
      ),
      pins: {
        network: 'sim-local',
        signers: signers.map(({ publicKey }) => toHex(publicKey)),
        threshold: 2,
        minSeq: 1,
      },
      freshness: { kind: 'beacon', beacons: [{ value: BEACON, publishedAtMs: START_MS - MINUTE_MS }] },
      wanted: { model: MODEL.id, manifestDigest: MODEL.manifestDigest, platforms: 'any' },
      simulation: 'allowed',
      nowMs: clock.nowMs(),
    })
  return { clock, identity, seals, signer, events, teeFrame, verify, beacon }
}

test('what a new link is told checks out as everybody checks it, for all models', async () => {
  const { clock, identity, seals } = await setupKeeper()
  const [frame, ...more] = seals.frames()
  expect(more).toEqual([])
  const checked = await checkPairedKeys(utf8(frame?.document ?? ''), clock.nowMs())
  expect(checked).toMatchObject({
    ok: true,
    keys: { runnerId: identity.runnerId, kem: { epoch: epochAt(START_MS) }, models: [MODEL] },
  })
})

test('each epoch is announced shortly before it begins, and no longer after its overlap', async () => {
  const { clock, seals, news } = await setupKeeper()
  await clock.advance(22 * MINUTE_MS)
  await until(() => news.length === 1)
  expect(seals.frames()).toHaveLength(2)
  expect(seals.frames()[1]).toEqual(news[0])
  await clock.advance(20 * MINUTE_MS)
  expect(seals.frames()).toEqual(news)
  for (let hour = 2; hour <= 5; hour++) {
    await clock.advance(EPOCH_MS)
    await until(() => news.length === hour)
  }
  expect(seals.frames().length).toBeLessThanOrEqual(2)
})

test.each(SUITES)('%s: after its overlap a key opens nothing: key-epoch', async (suite) => {
  const { clock, seals } = await setupKeeper()
  const candidate = await pairedCandidate(seals.frames()[0], clock.nowMs(), suite)
  const seal = async () => offerOf(await sealTo([candidate], { nowMs: clock.nowMs(), suite })).envelope
  expect(await seals.open(await seal(), MODEL.manifestDigest)).toMatchObject({ ok: true, question: QUESTION })
  await clock.advance(39 * MINUTE_MS)
  expect(await seals.open(await seal(), MODEL.manifestDigest)).toMatchObject({ ok: true })
  await clock.advance(2 * MINUTE_MS)
  expect(await seals.open(await seal(), MODEL.manifestDigest)).toEqual({ ok: false, reason: 'key-epoch' })
})

test('a request is taken once by all models of a process together', async () => {
  const { clock, seals } = await setupKeeper()
  const candidate = await pairedCandidate(seals.frames()[0], clock.nowMs(), 'x-wing')
  const { envelope } = offerOf(await sealTo([candidate], { nowMs: clock.nowMs(), suite: 'x-wing' }))
  expect(await seals.open(envelope, MODEL.manifestDigest)).toMatchObject({ ok: true })
  expect(await seals.open(envelope, MODEL.manifestDigest)).toEqual({ ok: false, reason: 'replayed' })
})

test('keys that the coordinator refuses are shown again, after longer and longer waits', async () => {
  const { clock, seals, news } = await setupKeeper()
  const refuse = () => seals.noteVerdict({ kind: 'paired', accepted: false })
  /** Each wait is as long as it says: nothing comes a moment before. */
  const comesAfter = async (ms: number, count: number) => {
    await clock.advance(ms - 1)
    await settle()
    expect(news).toHaveLength(count - 1)
    await clock.advance(1)
    await until(() => news.length === count)
  }
  refuse()
  refuse()
  await comesAfter(5000, 1)
  refuse()
  await comesAfter(10_000, 2)
  // What is accepted beside it, of another epoch say, does not make the waits short again.
  seals.noteVerdict({ kind: 'paired', accepted: true })
  refuse()
  await comesAfter(20_000, 3)
})

test('simulated evidence is accepted by the verifier, and names who is paid', async () => {
  const { identity, signer, teeFrame, verify } = await setupTee()
  await until(() => teeFrame() !== undefined)
  const { accepted, document } = await verify(teeFrame())
  expect(document).toMatchObject({ verdict: 'accepted', isSimulated: true })
  expect(accepted?.statement).toMatchObject({
    owner: identity.runnerId,
    runnerId: signer.runnerId,
    network: 'sim-local',
    gpu: { count: 2, mode: 'on' },
    kem: { epoch: epochAt(START_MS) },
    models: [MODEL],
    paddingBuckets: [256, 1024, 4096],
  })
})

test('a question that is sealed by evidence is opened and signed by the key in it, and not by the pairing', async () => {
  const { clock, seals, signer, teeFrame, verify } = await setupTee()
  await until(() => teeFrame() !== undefined)
  const { accepted } = await verify(teeFrame())
  if (!accepted) throw new Error('refused')
  const ticket = await sealTo([teeCandidate(accepted, 'x-wing')], { nowMs: clock.nowMs(), suite: 'x-wing' })
  const opened = await seals.open(ticket.envelope, MODEL.manifestDigest)
  expect(opened).toMatchObject({
    ok: true,
    runnerId: signer.runnerId,
    evidenceDigest: accepted.evidenceDigest,
  })
})

test('evidence is made anew for each epoch, and what an earlier one sealed is still opened in its epoch', async () => {
  const { clock, seals, teeFrame, verify } = await setupTee()
  await until(() => teeFrame() !== undefined)
  const first = teeFrame()
  const { accepted } = await verify(first)
  if (!accepted) throw new Error('refused')
  seals.noteVerdict({ kind: 'tee', accepted: false })
  await clock.advance(5000)
  await until(() => teeFrame()?.document !== first?.document)
  const ticket = await sealTo([teeCandidate(accepted, 'x25519')], { nowMs: clock.nowMs() })
  expect(await seals.open(ticket.envelope, MODEL.manifestDigest)).toMatchObject({ ok: true })
  const renewed = teeFrame()
  await clock.advance(25 * MINUTE_MS)
  await until(() => teeFrame()?.document !== renewed?.document)
  expect((await verify(teeFrame())).accepted?.statement.kem.epoch).toBe(epochAt(START_MS) + 1)
})

test('evidence whose certificates or lists end within its epoch is made anew before', async () => {
  const clock = createFakeClock(START_MS)
  let made = 0
  const announce = async () => {
    made += 1
    const renewAtMs = clock.nowMs() + 7 * MINUTE_MS
    return { ok: true, document: `evidence ${made}`, digest: 'ab'.repeat(32), renewAtMs } as const
  }
  const identity = await makeTestIdentity()
  const tee = { kind: 'tee', runnerId: 'tee', signingKey: identity.privateKey, announce } as const
  const seals = await openTestSeals({ clock, identity, more: [tee] })
  await until(() => made === 1)
  await clock.advance(7 * MINUTE_MS - 1)
  expect(made).toBe(1)
  await clock.advance(1)
  await until(() => seals.frames().some(({ document }) => document === 'evidence 2'))
})

test('evidence that cannot be made is told with a reason word and tried again', async () => {
  let calls = 0
  const { clock, events, teeFrame, seals } = await setupTee({
    readBeacon: async () => {
      calls += 1
      if (calls > 2) return { ok: true, value: { network: 'sim-local', value: BEACON } }
      if (calls > 1) throw new Error('https://somewhere.example/ with a key')
      return { ok: false, reason: 'beacon-unreachable' }
    },
  })
  await until(() => events.length === 1)
  await clock.advance(5000)
  await until(() => events.length === 2)
  await clock.advance(10_000)
  await until(() => teeFrame() !== undefined)
  expect(events).toEqual([
    { event: 'seal-failed', kind: 'tee', reason: 'beacon-unreachable', retryMs: 5000 },
    { event: 'seal-failed', kind: 'tee', reason: 'announcement-failed', retryMs: 10_000 },
  ])
  expect(seals.frames().map(({ kind }) => kind)).toEqual(['paired', 'tee'])
})

test('evidence that is taken only until the policy ends is shown again at its end', async () => {
  const { clock, seals, teeFrame } = await setupTee()
  await until(() => teeFrame() !== undefined)
  const first = teeFrame()
  seals.noteVerdict({ kind: 'tee', accepted: true, untilMs: clock.nowMs() + MINUTE_MS })
  await clock.advance(MINUTE_MS - 1)
  await settle()
  expect(teeFrame()?.document).toBe(first?.document)
  await clock.advance(1)
  await until(() => teeFrame()?.document !== first?.document)
})
