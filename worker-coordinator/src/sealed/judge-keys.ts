import type { Beacon } from '../../../protocol/src/attestation/policy/binding.ts'
import type { PolicyPins } from '../../../protocol/src/attestation/policy/check-policy.ts'
import type { ReasonCode } from '../../../protocol/src/attestation/reasons.ts'
import { verifyEvidence } from '../../../protocol/src/attestation/verify-evidence.ts'
import { type Bytes, fromHex, sameBytes, toCanonicalBase64Url } from '../../../protocol/src/bytes.ts'
import { fromBase64Url } from '../../../protocol/src/canonical-json.ts'
import { EPOCH_MS, EPOCH_OVERLAP_MS, isEpochOpen } from '../../../protocol/src/sealed/epoch-open.ts'
import { checkPairedKeys, type PairedKeysFault } from '../../../protocol/src/sealed/paired-keys.ts'
import type { SealedKey } from './sealed-key.ts'

/** Whose keys are judged: the link that they came by. */
export type SealingLink = {
  /** `run_…` of the paired runner, who is paid. */
  readonly runnerId: string
  /** Raw Ed25519 of the paired runner, base64url. */
  readonly publicKey: string
  readonly model: string
  readonly manifestDigest: string
}

export type JudgeDeps = {
  readonly pins: PolicyPins
  readonly simulation: 'refused' | 'allowed'
  readonly listBeacons: (nowMs: number) => readonly Beacon[]
}

/** Why keys are not taken, beyond what the verifier and the announcement's check say. */
export type JudgeFault =
  /** There is no policy to judge by. Action: the signers publish one. */
  | 'no-policy'
  /** Another runner's keys. Action: the runner says its own id as owner. */
  | 'owner'
  /** The epoch is over, or has not begun. Action: the runner sets its clock. */
  | 'epoch-closed'
export type KeysRefusal = ReasonCode | PairedKeysFault | JudgeFault

/** A model with the files that a document speaks of. */
export type SealedModel = { readonly id: string; readonly manifestDigest: string }
export type JudgedKeys =
  | { readonly ok: true; readonly key: SealedKey; readonly models: readonly SealedModel[] }
  | { readonly ok: false; readonly reason: KeysRefusal }

/** Judges a paired runner's announcement: signed by the link's own key, for its model, in an epoch that is open. */
export async function judgePaired(link: SealingLink, document: Bytes, nowMs: number): Promise<JudgedKeys> {
  const checked = await checkPairedKeys(document, nowMs)
  if (!checked.ok) return checked
  const { keys, digest, signingKey } = checked
  const linkKey = fromBase64Url(link.publicKey)
  if (keys.runnerId !== link.runnerId || !linkKey || !sameBytes(signingKey, linkKey)) return refuse('owner')
  const named = keys.models.filter(({ id }) => id === link.model)
  if (named.length === 0) return refuse('model-missing')
  if (named.some(({ manifestDigest }) => manifestDigest !== link.manifestDigest))
    return refuse('model-manifest')
  const { epoch } = keys.kem
  if (!isEpochOpen(epoch, nowMs)) return refuse('epoch-closed')
  const key: SealedKey = {
    runnerId: keys.runnerId,
    kind: 'paired',
    epoch,
    evidenceDigest: digest,
    signingKey: keys.signingKey,
    untilMs: Math.min(keys.expiresAtMs, endOfEpoch(epoch)),
    policySeq: 0,
    isSimulated: false,
  }
  return { ok: true, key, models: keys.models }
}

/** What of a link a TEE's evidence must speak of. */
export type TeeLink = Pick<SealingLink, 'runnerId' | 'model' | 'manifestDigest'>

/** Judges a TEE's evidence as a client does, by this policy and our own beacons; and that it pays the link's runner. */
export async function judgeTee(
  deps: JudgeDeps,
  policy: Bytes | undefined,
  { link, document, nowMs }: { readonly link: TeeLink; readonly document: Bytes; readonly nowMs: number },
): Promise<JudgedKeys> {
  if (!policy) return refuse('no-policy')
  const { document: report, accepted } = await verifyEvidence({
    evidence: document,
    policy,
    pins: deps.pins,
    freshness: { kind: 'beacon', beacons: deps.listBeacons(nowMs) },
    wanted: { model: link.model, manifestDigest: link.manifestDigest, platforms: 'any' },
    simulation: deps.simulation,
    nowMs,
  })
  if (!accepted) return refuse(report.reason ?? 'verifier-fault')
  const { statement } = accepted
  if (statement.owner !== link.runnerId) return refuse('owner')
  const { epoch } = statement.kem
  if (!isEpochOpen(epoch, nowMs)) return refuse('epoch-closed')
  const signingKey = fromHex(statement.signingKey)
  if (!signingKey) return refuse('statement-malformed')
  const key: SealedKey = {
    runnerId: statement.runnerId,
    kind: 'tee',
    epoch,
    evidenceDigest: accepted.evidenceDigest,
    signingKey: toCanonicalBase64Url(signingKey),
    untilMs: Math.min(accepted.untilMs, endOfEpoch(epoch)),
    policySeq: accepted.policySeq,
    isSimulated: accepted.isSimulated,
  }
  return { ok: true, key, models: statement.models }
}

/** After it nothing is opened with the epoch's key any more. */
function endOfEpoch(epoch: number): number {
  return (epoch + 1) * EPOCH_MS + EPOCH_OVERLAP_MS
}

function refuse(reason: KeysRefusal): JudgedKeys {
  return { ok: false, reason }
}
