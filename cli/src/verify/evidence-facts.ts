import { parseEvidence } from '../../../protocol/src/attestation/evidence.ts'
import { type Verification, verifyEvidence } from '../../../protocol/src/attestation/verify-evidence.ts'
import { type Bytes, fromHex, toCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { checkPairedKeys } from '../../../protocol/src/sealed/paired-keys.ts'
import type { SealedReceipt } from '../../../protocol/src/sealed/sealed-receipt.ts'
import type { SealTrust } from '../../../protocol/src/sealed-client/seal-trust.ts'
import type { SealedNetwork } from '../../../protocol/src/sealed-client/sealed-network.ts'

export type EvidenceDeps = {
  readonly network: Pick<SealedNetwork, 'readEvidence' | 'readPolicy' | 'readBeacons'>
  readonly trust: Pick<SealTrust, 'pins' | 'simulation' | 'platforms'>
  readonly nowMs: number
}

/** What the evidence that a receipt names gives to check it with. */
export type EvidenceFacts = {
  readonly runnerKey?: string
  readonly evidence?: Verification
  readonly pairedDigest?: string
  /** Why it was not judged, for a person. */
  readonly why?: string
}

/** Reads what a sealed job's receipt names, and judges it while it can be judged: evidence counts for two hours. */
export async function readEvidenceFacts(deps: EvidenceDeps, receipt: SealedReceipt): Promise<EvidenceFacts> {
  const reply = await deps.network.readEvidence(receipt.evidenceDigest)
  if (!reply.ok) return { why: `the network does not give it (${reply.reason})` }
  if (receipt.runnerId.startsWith('run_')) {
    // An announcement is signed by the runner itself; it held when the job ran.
    const checked = await checkPairedKeys(reply.value, receipt.startedAtMs)
    return checked.ok
      ? { pairedDigest: checked.digest, runnerKey: toCanonicalBase64Url(checked.signingKey) }
      : { why: checked.reason }
  }
  return judgeEvidence(deps, receipt, reply.value)
}

/** Reasons that only say that evidence has grown old: they speak against nobody. */
const GROWN_OLD: ReadonlySet<string> = new Set(['beacon-unknown', 'beacon-stale', 'statement-expired'])

async function judgeEvidence(
  { network, trust, nowMs }: EvidenceDeps,
  receipt: SealedReceipt,
  bytes: Bytes,
): Promise<EvidenceFacts> {
  const parsed = await parseEvidence(bytes)
  if (!parsed.ok) return { why: parsed.reason }
  if (parsed.value.digest !== receipt.evidenceDigest) return { why: 'the network gave other evidence' }
  const { statement } = parsed.value
  // The id follows from the key, so this key is the runner's whatever the rest of the evidence is worth.
  const runnerKey = toCanonicalBase64Url(fromHex(statement.signingKey) ?? new Uint8Array())
  const old = 'it counts for two hours, which are over; it was judged when the question was sealed'
  if (nowMs > statement.expiresAtMs) return { runnerKey, why: old }
  const [policy, beacons] = await Promise.all([network.readPolicy(), network.readBeacons()])
  if (!policy.ok) return { runnerKey, why: policy.reason }
  if (!beacons.ok) return { runnerKey, why: beacons.reason }
  const model = statement.models.find(({ manifestDigest }) => manifestDigest === receipt.manifestDigest)
  const evidence = await verifyEvidence({
    evidence: bytes,
    policy: policy.value,
    pins: trust.pins,
    freshness: { kind: 'beacon', beacons: beacons.value },
    wanted: {
      model: model?.id ?? '',
      manifestDigest: receipt.manifestDigest,
      platforms: trust.platforms,
    },
    simulation: trust.simulation,
    nowMs,
  })
  return GROWN_OLD.has(evidence.document.reason ?? '') ? { runnerKey, why: old } : { runnerKey, evidence }
}
