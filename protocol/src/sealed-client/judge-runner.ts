import type { Beacon } from '../attestation/policy/binding.ts'
import type { PolicyPins } from '../attestation/policy/check-policy.ts'
import { parseSignedPolicy } from '../attestation/policy/policy.ts'
import type { VerdictCache } from '../attestation/verdict-cache.ts'
import type { VerificationDocument } from '../attestation/verification-document.ts'
import { verifyEvidence } from '../attestation/verify-evidence.ts'
import { type Bytes, fromHex } from '../bytes.ts'
import type { DirectoryRunner } from '../sealed/directory.ts'
import { checkPairedKeys } from '../sealed/paired-keys.ts'
import { sealKeyOf } from '../sealed/seal-keys.ts'
import type { Candidate, ChooseDeps, RunnerWish } from './choose-runners.ts'

/** What is known of one runner after it was looked at. */
export type Judged =
  | { readonly ok: true; readonly candidate: Candidate }
  | { readonly ok: false; readonly why: string; readonly document?: VerificationDocument }
export type Judge = (runner: DirectoryRunner) => Promise<Judged>

/** What a client remembers from one request to the next. */
export type JudgeMemory = {
  readonly verdicts: VerdictCache
  /** The newest policy that was accepted. */
  seen: PolicyPins['seen'] | undefined
}

type MadeJudge =
  | { readonly ok: true; readonly judge: Judge; readonly policySeq: number }
  | { readonly ok: false; readonly reason: string }

/** Makes what looks at one runner after the other for one request: by its announcement, or by its evidence. */
export async function createJudge(
  deps: ChooseDeps,
  memory: JudgeMemory,
  wish: RunnerWish & { readonly manifestDigest: string },
  signal: AbortSignal | undefined,
): Promise<MadeJudge> {
  if (wish.tier === 'own') {
    return { ok: true, judge: (runner) => judgePaired(deps, wish, runner, signal), policySeq: 0 }
  }
  const { network } = deps
  const [policy, beacons] = await Promise.all([network.readPolicy(signal), network.readBeacons(signal)])
  if (!policy.ok) return { ok: false, reason: policy.reason }
  if (!beacons.ok) return { ok: false, reason: beacons.reason }
  const seq = parseSignedPolicy(policy.value)?.policy.seq ?? 0
  const rules = { policy: policy.value, beacons: beacons.value, seq, memory }
  return { ok: true, judge: (runner) => judgeTee(deps, wish, runner, rules, signal), policySeq: seq }
}

async function judgePaired(
  { network, trust, nowMs }: ChooseDeps,
  wish: RunnerWish & { readonly manifestDigest: string },
  runner: DirectoryRunner,
  signal: AbortSignal | undefined,
): Promise<Judged> {
  const reply = await network.readEvidence(runner.evidence_digest, signal)
  if (!reply.ok) return { ok: false, why: reply.reason }
  const checked = await checkPairedKeys(reply.value, nowMs())
  if (!checked.ok) return { ok: false, why: checked.reason }
  const { keys, digest, signingKey } = checked
  const publicKey = sealKeyOf(keys.kem, trust.suite.name)
  const isSame =
    digest === runner.evidence_digest && keys.runnerId === runner.runner_id && keys.kem.epoch === runner.epoch
  if (!isSame || !trust.confirmed.has(keys.runnerId)) return { ok: false, why: 'keys-of-another' }
  const serves = keys.models.some(
    ({ id, manifestDigest }) => id === wish.model && manifestDigest === wish.manifestDigest,
  )
  if (!serves) return { ok: false, why: 'model-manifest' }
  if (!publicKey) return { ok: false, why: 'suite-missing' }
  const { runner_id, epoch, evidence_digest, price } = runner
  const named = { runnerId: runner_id, kind: 'paired', epoch, evidenceDigest: evidence_digest } as const
  return { ok: true, candidate: { ...named, publicKey, signingKey, price, isSimulated: false } }
}

type TeeRules = {
  readonly policy: Bytes
  readonly beacons: readonly Beacon[]
  readonly seq: number
  readonly memory: JudgeMemory
}

async function judgeTee(
  { network, trust, nowMs }: ChooseDeps,
  wish: RunnerWish & { readonly manifestDigest: string },
  runner: DirectoryRunner,
  { policy, beacons, seq, memory }: TeeRules,
  signal: AbortSignal | undefined,
): Promise<Judged> {
  const { model, manifestDigest } = wish
  const { verdicts } = memory
  const pins = memory.seen ? { ...trust.pins, seen: memory.seen } : trust.pins
  const wanted = { model, manifestDigest, platforms: trust.platforms }
  const formats = trust.simulation === 'allowed' ? ALL_FORMATS : REAL_FORMATS
  const known = formats
    .map((format) => ({ evidenceDigest: runner.evidence_digest, format, policySeq: seq, wanted }))
    .map((key) => verdicts.find(key, pins, nowMs()))
    .find((found) => found !== undefined)
  const verified = known ?? (await verifyAnew())
  if (!('document' in verified)) return verified
  const { document, accepted } = verified
  if (!accepted) return { ok: false, why: document.reason ?? 'refused', document }
  if (accepted.policySeq > (memory.seen?.seq ?? 0)) {
    memory.seen = { seq: accepted.policySeq, digest: accepted.policyDigest }
    trust.notePolicy?.(memory.seen)
  }
  const { statement } = accepted
  const isSame =
    accepted.evidenceDigest === runner.evidence_digest &&
    statement.runnerId === runner.runner_id &&
    statement.kem.epoch === runner.epoch
  if (!isSame) return { ok: false, why: 'evidence-of-another', document }
  const publicKey = sealKeyOf(statement.kem, trust.suite.name)
  const signingKey = fromHex(statement.signingKey)
  if (!publicKey || !signingKey) return { ok: false, why: 'suite-missing', document }
  const { runner_id, epoch, evidence_digest, price } = runner
  const named = { runnerId: runner_id, kind: 'tee', epoch, evidenceDigest: evidence_digest } as const
  const { isSimulated } = accepted
  return { ok: true, candidate: { ...named, publicKey, signingKey, price, isSimulated, document } }

  async function verifyAnew() {
    const reply = await network.readEvidence(runner.evidence_digest, signal)
    if (!reply.ok) return { ok: false, why: reply.reason } as const
    const verification = await verifyEvidence({
      evidence: reply.value,
      policy,
      pins,
      freshness: { kind: 'beacon', beacons },
      wanted,
      simulation: trust.simulation,
      nowMs: nowMs(),
    })
    const { format, evidenceDigest } = verification.document
    if (format && evidenceDigest)
      verdicts.keep({ evidenceDigest, format, policySeq: seq, wanted }, verification)
    return verification
  }
}

const REAL_FORMATS = ['tdx', 'sev-snp'] as const
const ALL_FORMATS = [...REAL_FORMATS, 'sim-tdx', 'sim-sev-snp'] as const
