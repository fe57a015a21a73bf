import { fromHex } from '../../bytes.ts'
import { accept, type Checked, refuse } from '../reasons.ts'
import { sha256Of, verifyEd25519 } from '../signatures.ts'
import { isSimulatedFormat, isSimulatedNetwork, type Policy, type SignedPolicy } from './policy.ts'

/** What a client knows of policies before it reads one. It comes with the program, not from the network. */
export type PolicyPins = {
  readonly network: string
  /** Ed25519 public keys of the signers, hex. */
  readonly signers: readonly string[]
  /** So many of them must have signed. */
  readonly threshold: number
  readonly minSeq: number
  /** The newest policy that this client accepted: an older one, or another of the same number, is refused. */
  readonly seen?: { readonly seq: number; readonly digest: string }
}

/** A policy that holds now. `digest` is the SHA-256 that is anchored on TON; the client keeps it as `seen`. */
export type TrustedPolicy = { readonly policy: Policy; readonly digest: string }

/** What a signer signs before the policy's bytes. */
export const POLICY_LABEL = 'e2e/1 policy'
/** Longest life of a policy. */
export const MAX_POLICY_MS = 7 * 86_400_000
/** 2024-01-01 and 2100-01-01: a clock outside is broken, not early or late. */
const FIRST_CLOCK_MS = 1_704_067_200_000
const LAST_CLOCK_MS = 4_102_444_800_000

/** Whether a clock can be one: a whole number of ms in this century. NaN compares as nothing, and must not pass. */
export function isClock(nowMs: number): boolean {
  return Number.isSafeInteger(nowMs) && nowMs >= FIRST_CLOCK_MS && nowMs < LAST_CLOCK_MS
}

/** Checks the clock, the signatures of a policy, its dates, and that it is not older than what was seen. */
export async function checkPolicy(
  signed: SignedPolicy,
  pins: PolicyPins,
  nowMs: number,
): Promise<Checked<TrustedPolicy>> {
  if (!isClock(nowMs)) return refuse('clock-refused')
  const { policy } = signed
  const digest = await sha256Of(signed.bytes)
  const inputs = {
    network: policy.network,
    seq: policy.seq,
    digest,
    now: new Date(nowMs).toISOString(),
    until: new Date(policy.expiresAtMs).toISOString(),
    threshold: pins.threshold,
  }
  const signers = new Set(pins.signers)
  const isPinned = Number.isSafeInteger(pins.threshold) && Number.isSafeInteger(pins.minSeq)
  if (!isPinned || pins.threshold < 1 || pins.threshold > signers.size)
    return refuse('pins-malformed', inputs)
  if ((await countSigners(signed, signers)) < pins.threshold) return refuse('policy-signatures', inputs)
  if (policy.network !== pins.network) return refuse('policy-network', inputs)
  const isSimulated = policy.simulatedRoots !== undefined || policy.formats.some(isSimulatedFormat)
  if (isSimulated && !isSimulatedNetwork(policy.network)) return refuse('policy-simulated', inputs)
  const lifeMs = policy.expiresAtMs - policy.issuedAtMs
  if (lifeMs <= 0 || lifeMs > MAX_POLICY_MS) return refuse('policy-window', inputs)
  if (nowMs < policy.issuedAtMs) return refuse('policy-not-yet-valid', inputs)
  if (nowMs > policy.expiresAtMs) return refuse('policy-expired', inputs)
  if (policy.seq < Math.max(pins.minSeq, pins.seen?.seq ?? 0)) return refuse('policy-rolled-back', inputs)
  return isFork(policy, digest, pins) ? refuse('policy-forked', inputs) : accept({ policy, digest }, inputs)
}

/** Whether the policy is another one than the one seen, or follows another one than the one seen. */
function isFork(policy: Policy, digest: string, { seen }: PolicyPins): boolean {
  if (!seen) return false
  if (policy.seq === seen.seq) return digest !== seen.digest
  return policy.seq === seen.seq + 1 && policy.prev !== seen.digest
}

/** How many different pinned signers signed these bytes. */
async function countSigners(signed: SignedPolicy, pinned: ReadonlySet<string>): Promise<number> {
  const found = new Set<string>()
  for (const { signer, signature } of signed.signatures) {
    const key = pinned.has(signer) && !found.has(signer) ? fromHex(signer) : undefined
    if (key && (await verifyEd25519(key, signature, POLICY_LABEL, signed.bytes))) found.add(signer)
  }
  return found.size
}
