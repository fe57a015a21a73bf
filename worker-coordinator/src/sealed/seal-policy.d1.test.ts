import { env } from 'cloudflare:workers'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { localPolicySigner } from '../../../local/sealed/local-policy.ts'
import { beaconNonce } from '../../../protocol/src/attestation/policy/binding.ts'
import { type Policy, parseSignedPolicy } from '../../../protocol/src/attestation/policy/policy.ts'
import { signPolicy } from '../../../protocol/src/attestation/policy/sign-policy.ts'
import {
  SIMULATED_IMAGE,
  simulatedPolicy,
} from '../../../protocol/src/attestation/simulated/simulated-policy.ts'
import {
  makeSimulatedTee,
  simulatedRootsOf,
  simulateTdxEvidence,
} from '../../../protocol/src/attestation/simulated-evidence.ts'
import { fromHex } from '../../../protocol/src/bytes.ts'
import { sha256Hex, toHex } from '../../../protocol/src/canonical-json.ts'
import { epochAt } from '../../../protocol/src/sealed/epoch-open.ts'
import { createDeps } from '../deps.ts'
import { createLedgerFixture } from '../ledger/ledger-fixture.ts'
import { createSealDeps } from '../seal-deps.ts'
import { createBeacons } from './beacons.ts'
import { directoryRoute } from './directory-route.ts'
import { openAdmission } from './open-admission.ts'
import { policyRoute } from './policy-route.ts'

const ledger = createLedgerFixture(env.DB)
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const MODEL = { id: 'sealed-model', manifestDigest: 'ab'.repeat(32) }
const NOBODY = { runners: [], platforms: [], certificates: [] }
const tee = await makeSimulatedTee(Date.now(), { gpus: 1 })
const signer = await localPolicySigner()

/** A fresh env: what an isolate remembers of one test is not there in the next. */
function setupApp() {
  const fresh = new Proxy(env, {})
  const deps = createSealDeps(fresh, createDeps(fresh))
  const app = new Hono().route('/', policyRoute(deps)).route('/', directoryRoute(deps))
  const publish = async (policy: Policy) => {
    const body = await signPolicy(policy, [signer])
    return app.request('http://x/v1/policy', { method: 'POST', body })
  }
  return { app, publish, deps }
}

/** The policy that follows the current one. */
async function nextPolicy(change: Partial<Policy> = {}): Promise<Policy> {
  const reply = await setupApp().app.request('http://x/v1/policy')
  const current = parseSignedPolicy(new Uint8Array(await reply.arrayBuffer()))
  const after = current ? { seq: current.policy.seq + 1, prev: await sha256Hex(current.bytes) } : {}
  return { ...simulatedPolicy(simulatedRootsOf(tee), { nowMs: Date.now() }), ...after, ...change }
}

/** A runner in the simulated TEE, and what it shows. */
async function setupRunner() {
  const { runnerId } = await ledger.setupRunner(await ledger.setupUser())
  const signingKey = crypto.getRandomValues(new Uint8Array(32))
  const nowMs = Date.now()
  const beacon = createBeacons(env.SESSION_KEY)(nowMs)[0]?.value ?? ''
  const evidence = await simulateTdxEvidence(tee, {
    statement: {
      version: 1,
      network: 'sim-local',
      runnerId: await sha256Hex(signingKey),
      signingKey: toHex(signingKey),
      owner: runnerId,
      kem: { epoch: epochAt(nowMs), keys: [{ id: 32, publicKey: 'A'.repeat(43) }] },
      notBeforeMs: nowMs - 1000,
      expiresAtMs: nowMs + HOUR_MS,
      beacon,
      image: SIMULATED_IMAGE,
      models: [MODEL],
      gpu: { count: 1, mode: 'on' },
      paddingBuckets: [256],
    },
    nonce: await beaconNonce(fromHex(beacon) ?? new Uint8Array()),
    nowMs,
  })
  const link = { runnerId, publicKey: 'A'.repeat(43), model: MODEL.id, manifestDigest: MODEL.manifestDigest }
  const document = new TextDecoder().decode(evidence)
  const admission = openAdmission(ledger.db, env.SESSION_KEY)
  const admit = () => admission.admit(link, { type: 'seal.keys', kind: 'tee', document }, Date.now())
  const reload = (nowMs = Date.now()) => admission.reload([runnerId], MODEL.id, nowMs)
  return { runnerId, document, admission, admit, reload }
}

test('a policy is published, read back and followed; one that does not follow is refused', async () => {
  const { app, publish } = setupApp()
  const first = await nextPolicy()
  expect((await publish(first)).status).toBe(201)
  expect((await publish(first)).status).toBe(200)
  const told = parseSignedPolicy(
    new Uint8Array(await (await app.request('http://x/v1/policy')).arrayBuffer()),
  )
  expect(told?.policy).toEqual(first)
  expect((await publish({ ...first, minTcbEvaluationNumber: 99 })).status).toBe(409)
  expect((await publish({ ...first, seq: first.seq + 1, prev: 'ee'.repeat(32) })).status).toBe(409)
  expect((await publish(await nextPolicy())).status).toBe(201)
})
test('evidence of the TEE is admitted, and whoever checks it reads it as it was sent', async () => {
  const { app, publish } = setupApp()
  await publish(await nextPolicy())
  const { document, admit } = await setupRunner()
  const admitted = await admit()
  if (!admitted.ok) throw new Error(admitted.reason)
  const reply = await app.request(`http://x/v1/sealed/evidence/${admitted.key.evidenceDigest}`)
  expect([reply.status, await reply.text()]).toEqual([200, document])
})
test('a revocation drops a runner’s keys everywhere, within the time that a policy is believed', async () => {
  const { publish } = setupApp()
  await publish(await nextPolicy())
  const revoked = await setupRunner()
  const other = await setupRunner()
  const admitted = await revoked.admit()
  await other.admit()
  const runners = admitted.ok ? [admitted.key.runnerId] : []
  const before = await revoked.admission.policySeq(Date.now())
  expect((await publish(await nextPolicy({ revoked: { ...NOBODY, runners } }))).status).toBe(201)
  const laterMs = Date.now() + 30_000
  expect(await revoked.admission.policySeq(laterMs)).toBe(before + 1)
  expect((await revoked.reload(laterMs)).size).toBe(0)
  expect((await other.reload(laterMs)).get(other.runnerId)).toMatchObject([{ policySeq: before + 1 }])
  // Another object, or the same after a sleep, has nothing to judge again.
  const { runnerId } = revoked
  const fresh = openAdmission(ledger.db, env.SESSION_KEY)
  expect((await fresh.reload([runnerId, other.runnerId], MODEL.id, laterMs)).size).toBe(1)
  expect(await revoked.admit()).toEqual({ ok: false, reason: 'runner-revoked' })
})
test('what ended more than seven days ago is deleted by the clock, and nothing else', async () => {
  const { app, publish, deps } = setupApp()
  await publish(await nextPolicy())
  const { runnerId, admit } = await setupRunner()
  const admitted = await admit()
  const digest = admitted.ok ? admitted.key.evidenceDigest : ''
  const endedAgo = async (ms: number) => {
    await env.DB.prepare('UPDATE seal_documents SET ends_at = ? WHERE runner_id = ?')
      .bind(Date.now() - ms, runnerId)
      .run()
    await deps.pruneSealDocuments()
    return (await app.request(`http://x/v1/sealed/evidence/${digest}`)).status
  }
  expect(await endedAgo(7 * DAY_MS - 60_000)).toBe(200)
  expect(await endedAgo(7 * DAY_MS + 1)).toBe(404)
})
