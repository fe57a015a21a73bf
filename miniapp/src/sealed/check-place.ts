import { parseEvidence } from '../../../protocol/src/attestation/evidence.ts'
import type { Statement } from '../../../protocol/src/attestation/policy/statement.ts'
import type { VerificationDocument } from '../../../protocol/src/attestation/verification-document.ts'
import type { AcceptedEvidence } from '../../../protocol/src/attestation/verify-evidence.ts'
import { verifyEvidence } from '../../../protocol/src/attestation/verify-evidence.ts'
import type { Bytes } from '../../../protocol/src/bytes.ts'
import { checkPairedKeys } from '../../../protocol/src/sealed/paired-keys.ts'
import type { SealTrust } from '../../../protocol/src/sealed-client/seal-trust.ts'
import type { SealedNetwork } from '../../../protocol/src/sealed-client/sealed-network.ts'
import { isRecord, type Reply } from '../session/session.ts'
import type { SealMemory } from './seal-memory.ts'
import type { SealPlace } from './seal-path.ts'

/** What checking a piece of evidence on this device came to. */
export type SealReport =
  | {
      readonly kind: 'tee'
      readonly document: VerificationDocument
      readonly accepted?: AcceptedEvidence
      /** What the evidence says of itself; its digest, and with it each verdict, is bound to this. */
      readonly statement?: Statement
      /** What this device said of it before, where it passed then. */
      readonly before?: VerificationDocument
    }
  | {
      readonly kind: 'paired'
      /** Undefined where the announcement could not be believed. */
      readonly runnerId?: string
      readonly isConfirmed: boolean
      readonly untilMs?: number
      readonly models: readonly string[]
      /** What its keys are signed by: the runner itself, whose id the person confirmed. */
      readonly fault?: string
    }

export type CheckPlaceDeps = {
  readonly network: SealedNetwork
  readonly trust: SealTrust
  readonly memory: SealMemory
  readonly nowMs: () => number
}

/** Fetches evidence and policy and runs the verifier again, from nothing: no verdict is taken from anybody. */
export async function checkPlace(
  deps: CheckPlaceDeps,
  place: SealPlace,
  signal: AbortSignal,
): Promise<Reply<SealReport>> {
  const evidence = await deps.network.readEvidence(place.evidenceDigest, signal)
  if (!evidence.ok) {
    // The network may have shown this device something that it does not know any more.
    const document = evidence.reason === 'unreachable' ? undefined : deps.memory.refusal(place.evidenceDigest)
    if (document) return { ok: true, value: { kind: 'tee', document } }
    return { ok: false, reason: evidence.reason, sentence: undefined }
  }
  if (isAnnouncement(evidence.value))
    return { ok: true, value: await checkPaired(deps, place, evidence.value) }
  return checkTee(deps, place, evidence.value, signal)
}

async function checkTee(
  { network, trust, memory, nowMs }: CheckPlaceDeps,
  place: SealPlace,
  evidence: Bytes,
  signal: AbortSignal,
): Promise<Reply<SealReport>> {
  const [policy, beacons] = await Promise.all([network.readPolicy(signal), network.readBeacons(signal)])
  for (const one of [policy, beacons]) {
    if (!one.ok && one.reason === 'unreachable') return { ok: false, reason: one.reason, sentence: undefined }
  }
  const read = await parseEvidence(evidence)
  const { document, accepted } = await verifyEvidence({
    evidence,
    // Without a policy nothing is believed: the verifier says so.
    policy: policy.ok ? policy.value : new Uint8Array(),
    pins: trust.pins,
    freshness: { kind: 'beacon', beacons: beacons.ok ? beacons.value : [] },
    wanted: { ...wantedOf(place, read), platforms: trust.platforms },
    simulation: trust.simulation,
    nowMs: nowMs(),
  })
  const isOther = document.evidenceDigest !== null && document.evidenceDigest !== place.evidenceDigest
  if (isOther) return { ok: false, reason: 'evidence-of-another', sentence: undefined }
  const before = memory.verdict(place.evidenceDigest)
  const statement = read.ok ? read.value.statement : undefined
  return {
    ok: true,
    value: {
      kind: 'tee',
      document,
      ...(accepted ? { accepted } : {}),
      ...(statement ? { statement } : {}),
      ...(before ? { before } : {}),
    },
  }
}

/** Which model was wanted; without one, the first that the evidence itself names. */
function wantedOf({ model, manifestDigest }: SealPlace, read: Awaited<ReturnType<typeof parseEvidence>>) {
  if (model !== undefined && manifestDigest !== undefined) return { model, manifestDigest }
  const first = read.ok ? read.value.statement.models[0] : undefined
  return { model: first?.id ?? '', manifestDigest: first?.manifestDigest ?? '' }
}

async function checkPaired(
  { memory, nowMs }: CheckPlaceDeps,
  place: SealPlace,
  document: Bytes,
): Promise<SealReport> {
  const checked = await checkPairedKeys(document, nowMs())
  if (!checked.ok) return { kind: 'paired', isConfirmed: false, models: [], fault: checked.reason }
  const { keys, digest } = checked
  const isSame = digest === place.evidenceDigest
  return {
    kind: 'paired',
    runnerId: keys.runnerId,
    isConfirmed: memory.confirmed().has(keys.runnerId),
    untilMs: keys.expiresAtMs,
    models: keys.models.map(({ id }) => id),
    ...(isSame ? {} : { fault: 'keys-of-another' }),
  }
}

/** Whether a document is a paired runner's announcement of keys, and not a TEE's evidence. Nothing is believed of it yet. */
function isAnnouncement(document: Bytes): boolean {
  try {
    const read: unknown = JSON.parse(new TextDecoder().decode(document))
    return isRecord(read) && 'keys' in read
  } catch {
    return false // the verifier says what is wrong with it
  }
}
