import { type Policy, parseSignedPolicy } from '../../protocol/src/attestation/policy/policy.ts'
import { signPolicy } from '../../protocol/src/attestation/policy/sign-policy.ts'
import { sha256Of } from '../../protocol/src/attestation/signatures.ts'
import { simulatedPolicy } from '../../protocol/src/attestation/simulated/simulated-policy.ts'
import { type SimulatedTee, simulatedRootsOf } from '../../protocol/src/attestation/simulated-evidence.ts'
import { LOCAL_PINS, localPolicySigner } from './local-policy.ts'

/** How far back a policy is dated, ms: clocks of one machine differ little. */
const BACK_MS = 60_000
/** How long a policy holds, ms: less than the seven days that are allowed. */
const LIFE_MS = 6 * 86_400_000
const REPLY_MS = 10_000

/** The policy before a new one. */
export type PolicyBefore = { readonly seq: number; readonly digest: string }

/**
 * The local network's policy: it takes this simulated TEE alone. Its number is the clock's seconds, so that each start's
 * is newer than the one before.
 */
export function localPolicy(
  tee: SimulatedTee,
  plan: { readonly nowMs: number; readonly before: PolicyBefore | undefined },
): Policy {
  const { nowMs, before } = plan
  return {
    ...simulatedPolicy(simulatedRootsOf(tee), { nowMs, network: LOCAL_PINS.network }),
    seq: Math.max(Math.floor(nowMs / 1000), (before?.seq ?? 0) + 1),
    ...(before ? { prev: before.digest } : {}),
    issuedAtMs: nowMs - BACK_MS,
    expiresAtMs: nowMs + LIFE_MS,
  }
}

/** Signs a policy of this TEE and publishes it. `change`: what a test wants otherwise, such as who is revoked. */
export async function publishPolicy(
  api: string,
  tee: SimulatedTee,
  change: (policy: Policy) => Policy = (policy) => policy,
): Promise<Policy> {
  const policy = change(localPolicy(tee, { nowMs: Date.now(), before: await readCurrent(api) }))
  const reply = await fetch(`${api}/v1/policy`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: await signPolicy(policy, [await localPolicySigner()]),
    signal: AbortSignal.timeout(REPLY_MS),
  })
  if (!reply.ok) {
    throw new Error(`The coordinator answered ${reply.status} to the policy: ${await reply.text()}`)
  }
  return policy
}

async function readCurrent(api: string): Promise<PolicyBefore | undefined> {
  const reply = await fetch(`${api}/v1/policy`, { signal: AbortSignal.timeout(REPLY_MS) })
  const signed = parseSignedPolicy(new Uint8Array(await reply.arrayBuffer()))
  return reply.ok && signed ? { seq: signed.policy.seq, digest: await sha256Of(signed.bytes) } : undefined
}
