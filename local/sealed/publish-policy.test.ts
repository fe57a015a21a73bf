import { expect, test } from 'vitest'
import production from '../../policy-pins.json' with { type: 'json' }
import { checkPolicy, MAX_POLICY_MS } from '../../protocol/src/attestation/policy/check-policy.ts'
import { parseSignedPolicy } from '../../protocol/src/attestation/policy/policy.ts'
import { signPolicy } from '../../protocol/src/attestation/policy/sign-policy.ts'
import { makeSimulatedTee, simulatedRootsOf } from '../../protocol/src/attestation/simulated-evidence.ts'
import { LOCAL_PINS, localPolicySigner } from './local-policy.ts'
import { localPolicy } from './publish-policy.ts'

const NOW_MS = Date.UTC(2026, 10, 22, 12)
const tee = await makeSimulatedTee(NOW_MS, { gpus: 1 })

async function check(policy: ReturnType<typeof localPolicy>, pins: typeof LOCAL_PINS) {
  const signed = parseSignedPolicy(await signPolicy(policy, [await localPolicySigner()]))
  if (!signed) throw new Error('the policy cannot be read')
  return checkPolicy(signed, pins, NOW_MS)
}

test('the policy of a start is accepted by local pins, takes this TEE alone, and lasts less than seven days', async () => {
  const policy = localPolicy(tee, { nowMs: NOW_MS, before: undefined })
  expect(await check(policy, LOCAL_PINS)).toMatchObject({ ok: true })
  expect(policy.simulatedRoots).toEqual(simulatedRootsOf(tee))
  expect(policy.expiresAtMs - policy.issuedAtMs).toBeLessThan(MAX_POLICY_MS)
})
test('the pins of what is deployed refuse it', async () => {
  const policy = localPolicy(tee, { nowMs: NOW_MS, before: undefined })
  expect(await check(policy, production)).toMatchObject({ ok: false })
})
test('it follows the policy before it, also one that was published in the same second', () => {
  const first = localPolicy(tee, { nowMs: NOW_MS, before: undefined })
  const before = { seq: first.seq, digest: 'ab'.repeat(32) }
  expect(localPolicy(tee, { nowMs: NOW_MS, before })).toMatchObject({
    seq: first.seq + 1,
    prev: before.digest,
  })
  expect(localPolicy(tee, { nowMs: NOW_MS + 60_000, before })).toMatchObject({ seq: first.seq + 60 })
})
