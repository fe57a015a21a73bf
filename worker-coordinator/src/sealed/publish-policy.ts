import {
  checkPolicy,
  type PolicyPins,
  type TrustedPolicy,
} from '../../../protocol/src/attestation/policy/check-policy.ts'
import { isSimulatedNetwork, parseSignedPolicy } from '../../../protocol/src/attestation/policy/policy.ts'
import { REASONS, type ReasonCode } from '../../../protocol/src/attestation/reasons.ts'
import { type Bytes, readUtf8 } from '../../../protocol/src/bytes.ts'
import type { StoredPolicy } from './current-policy.ts'
import type { NewPolicy } from './policy-store.ts'

/** The reasons of the verifier's policy step. */
export type PolicyStepReason = {
  [Code in ReasonCode]: (typeof REASONS)[Code] extends 'policy' ? Code : never
}[ReasonCode]
/** Why a policy is not taken: the verifier's codes. */
export type PolicyRefusal = PolicyStepReason | 'policy-malformed'

export type PublishPolicyDeps = {
  readonly pins: PolicyPins
  readonly simulation: 'refused' | 'allowed'
  /** The newest policy, as it stands now. */
  readonly findNewest: () => Promise<StoredPolicy | undefined>
  /** False where one with this or a higher number is there already. */
  readonly addPolicy: (policy: NewPolicy) => Promise<boolean>
  readonly nowMs: () => number
}

export type PublishedPolicy =
  | { readonly ok: true; readonly seq: number; readonly digest: string; readonly isNew: boolean }
  | { readonly ok: false; readonly reason: PolicyRefusal }

/**
 * Takes a policy that enough of the pinned signers signed and that follows the current one. Whoever brings it needs no
 * right: the signatures are the right. Repeatable: the current policy again is no fault.
 */
export async function publishPolicy(deps: PublishPolicyDeps, document: Bytes): Promise<PublishedPolicy> {
  const text = readUtf8(document)
  const signed = parseSignedPolicy(document)
  if (!signed || text === undefined) return { ok: false, reason: 'policy-malformed' }
  if (isSimulatedNetwork(signed.policy.network) && deps.simulation === 'refused')
    return { ok: false, reason: 'policy-simulated' }
  const check = async (): Promise<PublishedPolicy | { readonly trusted: TrustedPolicy }> => {
    const newest = await deps.findNewest()
    const pins = { ...deps.pins, ...(newest ? { seen: { seq: newest.seq, digest: newest.digest } } : {}) }
    const checked = await checkPolicy(signed, pins, deps.nowMs())
    if (!checked.ok) return { ok: false, reason: policyReason(checked.reason) }
    const { digest } = checked.value
    // What has this number and passed is this policy.
    if (newest?.seq === signed.policy.seq) return { ok: true, seq: newest.seq, digest, isNew: false }
    return { trusted: checked.value }
  }
  const checked = await check()
  if (!('trusted' in checked)) return checked
  const { policy, digest } = checked.trusted
  const { seq, issuedAtMs: issuedAt, expiresAtMs: expiresAt } = policy
  const added = { seq, digest, issuedAt, expiresAt, addedAt: deps.nowMs(), document: text }
  if (await deps.addPolicy(added)) return { ok: true, seq, digest, isNew: true }
  // Somebody was faster: against theirs this one is refused, or it is the same.
  const again = await check()
  return 'trusted' in again ? { ok: false, reason: 'policy-rolled-back' } : again
}

function policyReason(reason: ReasonCode): PolicyStepReason {
  if (isPolicyReason(reason)) return reason
  throw new Error(`checking a policy gave ${reason}, which is no reason of that step`)
}

function isPolicyReason(reason: ReasonCode): reason is PolicyStepReason {
  return REASONS[reason] === 'policy'
}
