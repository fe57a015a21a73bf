import { expect, test } from 'vitest'
import { HOUR_MS, NOW_MS } from '../attestation/verification-fixture.ts'
import { chooseFake } from './ask-fixture.ts'
import { createRunnerChooser } from './choose-runners.ts'
import { type FakeNetworkPlan, setupFakeNetwork } from './fake-network-fixture.ts'
import { BEACON, MODEL } from './fake-runner-fixture.ts'

test('a runner with the evidence of another one is refused', async () => {
  const setup = await setupFakeNetwork({ runners: [{}, {}] })
  const [first, second] = setup.runners.map(({ row }) => row)
  const network = {
    ...setup.network,
    readEvidence: () => setup.network.readEvidence(second?.evidence_digest ?? ''),
  }
  const chooser = createRunnerChooser({ ...setup.chooseDeps, network })
  const wish = {
    model: MODEL.id,
    tier: 'confidential',
    features: [],
    exclude: new Set([second?.runner_id ?? '']),
  } as const
  expect(await chooser(wish)).toMatchObject({
    ok: false,
    reason: 'evidence-refused',
    why: 'evidence-of-another',
  })
  expect(first?.evidence_digest).not.toBe(second?.evidence_digest)
})

test('a runner under the name of another one is refused', async () => {
  const { chosen } = await chooseFake({
    attack: {
      directory: (honest) => ({
        ...honest,
        runners: honest.runners.map((runner) => ({ ...runner, runner_id: 'ab'.repeat(32) })),
      }),
    },
  })
  expect(chosen).toMatchObject({ ok: false, reason: 'evidence-refused', why: 'evidence-of-another' })
})

const EVIDENCE: Readonly<Record<string, readonly [why: string, FakeNetworkPlan]>> = {
  'signed by too few': ['policy-signatures', { pins: { threshold: 3 } }],
  'of another network': ['policy-network', { pins: { network: 'sim-other' } }],
  'that was rolled back': ['policy-rolled-back', { pins: { seen: { seq: 2, digest: 'ab'.repeat(32) } } }],
  'that is another of the same number': [
    'policy-forked',
    { pins: { seen: { seq: 1, digest: 'ab'.repeat(32) } } },
  ],
  'that does not know the image': [
    'release',
    {
      attack: {
        policy: () => ({
          releases: [
            {
              name: 'other',
              image: '00'.repeat(32),
              rtmr1: '00'.repeat(48),
              rtmr2: '00'.repeat(48),
              launch: [],
            },
          ],
        }),
      },
    },
  ],
  'without its beacon': ['beacon-unknown', { attack: { beacons: () => [] } }],
  'with a stale beacon': [
    'beacon-stale',
    { attack: { beacons: () => [{ ...BEACON, publishedAtMs: NOW_MS - 3 * HOUR_MS }] } },
  ],
}

test.each(Object.entries(EVIDENCE))('evidence under a policy %s is refused', async (_, [why, plan]) => {
  const { chosen } = await chooseFake(plan)
  expect(chosen).toMatchObject({ ok: false, reason: 'evidence-refused', why })
  expect(chosen.ok ? undefined : chosen.document?.verdict).toBe('refused')
})

test('the simulated TEE is refused by a build that does not allow it', async () => {
  const { chosen } = await chooseFake({ trust: { simulation: 'refused' } })
  expect(chosen).toMatchObject({ ok: false, reason: 'evidence-refused', why: 'simulation-refused' })
})

test('production pins, which know no signer yet, let nothing pass', async () => {
  const { pinsOfBuild } = await import('../build-pins.ts')
  const { chosen } = await chooseFake({ trust: { pins: pinsOfBuild() } })
  expect(chosen).toMatchObject({ ok: false, reason: 'evidence-refused', why: 'pins-malformed' })
})

test('an older policy than one that was accepted is refused from then on, without anybody keeping it', async () => {
  let seq = 2
  const noted: number[] = []
  const { deps, chosen } = await chooseFake({
    attack: { policy: () => ({ seq }) },
    trust: { notePolicy: (seen) => void noted.push(seen.seq) },
  })
  expect(chosen.ok).toBe(true)
  seq = 1
  const wish = { model: MODEL.id, tier: 'confidential', features: [] } as const
  expect(await deps.chooseRunners(wish)).toMatchObject({ ok: false, why: 'policy-rolled-back' })
  seq = 2
  expect((await deps.chooseRunners(wish)).ok).toBe(true)
  expect(noted).toEqual([2])
})

test('a runner that a newer policy revokes is not asked any more, though its verdict was kept', async () => {
  let revoked: string[] = []
  let seq = 1
  const prev = '00'.repeat(32)
  const { deps, runners, chosen } = await chooseFake({
    attack: {
      policy: () => ({ seq, prev, revoked: { runners: revoked, platforms: [], certificates: [] } }),
    },
  })
  expect(chosen.ok).toBe(true)
  revoked = runners.map(({ row }) => row.runner_id)
  seq = 3
  expect(await deps.chooseRunners({ model: MODEL.id, tier: 'confidential', features: [] })).toMatchObject({
    ok: false,
    why: 'runner-revoked',
  })
})

test('evidence is fetched once for as long as its verdict holds, and again after it', async () => {
  let nowMs = NOW_MS
  let fetched = 0
  const { deps } = await chooseFake({
    nowMs: () => nowMs,
    attack: {
      evidence: (digest) => {
        fetched += 1
        return digest
      },
      directory: (honest) => ({
        ...honest,
        runners: honest.runners.map((runner) => ({ ...runner, until_ms: NOW_MS + 2 * HOUR_MS })),
      }),
    },
  })
  const wish = { model: MODEL.id, tier: 'confidential', features: [] } as const
  await deps.chooseRunners(wish)
  expect(fetched).toBe(1)
  nowMs = NOW_MS + HOUR_MS + 1
  expect(await deps.chooseRunners(wish)).toMatchObject({ ok: false, why: 'statement-expired' })
  expect(fetched).toBe(2)
})

test('a confirmed name with the keys of another runner is refused', async () => {
  const setup = await setupFakeNetwork({ tier: 'own', runners: [{}, {}] })
  const [mine, other] = setup.runners.map(({ row }) => row)
  const trust = { ...setup.trust, confirmed: new Set([mine?.runner_id ?? '']) }
  const network = {
    ...setup.network,
    readEvidence: () => setup.network.readEvidence(other?.evidence_digest ?? ''),
  }
  const chooser = createRunnerChooser({ ...setup.chooseDeps, trust, network })
  expect(await chooser({ model: MODEL.id, tier: 'own', features: [] })).toMatchObject({
    ok: false,
    reason: 'evidence-refused',
    why: 'keys-of-another',
  })
})
