import type { Beacon } from '../attestation/policy/binding.ts'
import { parseSignedPolicy } from '../attestation/policy/policy.ts'
import { createVerdictCache, type VerdictCache } from '../attestation/verdict-cache.ts'
import type { VerificationDocument } from '../attestation/verification-document.ts'
import { verifyEvidence } from '../attestation/verify-evidence.ts'
import { type Bytes, fromHex } from '../bytes.ts'
import type { Tier } from '../miniapp/fields.ts'
import { type DirectoryRunner, readDirectory } from '../sealed/directory.ts'
import { isEpochOpen } from '../sealed/epoch-open.ts'
import { CANDIDATES_MAX } from '../sealed/header.ts'
import { checkPairedKeys } from '../sealed/paired-keys.ts'
import { sealKeyOf } from '../sealed/seal-keys.ts'
import type { SealTrust } from './seal-trust.ts'
import type { SealedNetwork } from './sealed-network.ts'

/** A runner whose evidence this client has checked itself. */
export type Candidate = {
  readonly runnerId: string
  readonly kind: 'tee' | 'paired'
  readonly epoch: number
  readonly evidenceDigest: string
  /** What the request is sealed to. */
  readonly publicKey: Bytes
  /** Raw Ed25519: signs the receipt. */
  readonly signingKey: Bytes
  readonly price: { readonly input: number; readonly output: number }
  readonly isSimulated: boolean
  /** Of a TEE: each step of the check. */
  readonly document?: VerificationDocument
}

export type RunnerWish = {
  readonly model: string
  readonly tier: Exclude<Tier, 'open'>
  readonly features: readonly string[]
  /** Files that the person insists on, SHA-256 of the manifest; absent: those that the directory names. */
  readonly manifestDigest?: string
  readonly maxPrice?: { readonly input?: number; readonly output?: number }
  /** Runners that failed this answer before. */
  readonly exclude?: ReadonlySet<string>
}

export type Chosen =
  | {
      readonly ok: true
      readonly candidates: readonly Candidate[]
      readonly directoryDigest: string
      readonly manifestDigest: string
      readonly contextTokens: number
      readonly policySeq: number
    }
  | {
      readonly ok: false
      readonly reason: ChooseRefusal
      /** Why the runners that were looked at were refused; the first one's. */
      readonly why?: string
      readonly document?: VerificationDocument
    }

/** Why nobody was chosen. Any other word is the coordinator's, or `unreachable`. */
export type ChooseRefusal =
  | 'no-runner'
  | 'no-own-runner'
  | 'unsupported'
  | 'price-too-low'
  | 'evidence-refused'
  | (string & {})

export type ChooseDeps = {
  readonly network: SealedNetwork
  readonly trust: SealTrust
  readonly nowMs: () => number
  readonly random: (max: number) => number
}

/** How many of a directory's runners are looked at before a client gives up: each costs a download and a verification. */
const LOOKED_AT_MAX = 12

export type ChooseRunners = (wish: RunnerWish, signal?: AbortSignal) => Promise<Chosen>

/**
 * Chooses the runners that a request is sealed to: at random from the whole directory, so that nobody else decides who
 * is asked, and only those whose evidence passes here. Verdicts are kept until the first part of them ends.
 */
export function createRunnerChooser(deps: ChooseDeps): ChooseRunners {
  const verdicts = createVerdictCache()
  return async (wish, signal) => {
    const reply = await deps.network.readDirectory(wish.model, wish.tier, signal)
    if (!reply.ok) return { ok: false, reason: reply.reason }
    const read = await readDirectory(reply.value, deps.nowMs())
    if (!read.ok) return { ok: false, reason: 'evidence-refused', why: read.reason }
    const { directory } = read
    const isAsked = directory.model === wish.model && directory.tier === wish.tier
    if (!isAsked) return { ok: false, reason: 'evidence-refused', why: 'directory-of-another' }
    const manifestDigest = wish.manifestDigest ?? directory.manifest_digest
    const known = directory.runners.filter((runner) => isKnown(deps, wish, runner))
    const nobody = wish.tier === 'own' ? 'no-own-runner' : 'no-runner'
    if (known.length === 0) return { ok: false, reason: nobody }
    const able = known.filter(({ features }) => wish.features.every((one) => features.includes(one)))
    if (able.length === 0) return { ok: false, reason: 'unsupported' }
    const fitting = able.filter((runner) => isWithin(runner, wish))
    if (fitting.length === 0) return { ok: false, reason: 'price-too-low' }
    const judge = await createJudge(deps, verdicts, { ...wish, manifestDigest }, signal)
    if (!judge.ok) return { ok: false, reason: 'evidence-refused', why: judge.reason }
    return {
      ...(await chooseFrom(deps, fitting, judge.judge)),
      directoryDigest: read.digest,
      manifestDigest,
      contextTokens: Math.min(...fitting.map((runner) => runner.context_tokens)),
      policySeq: judge.policySeq,
    }
  }
}

/** Those that can be meant at all: of the right kind, in an epoch that is open, confirmed where the tier demands it. */
function isKnown({ trust, nowMs }: ChooseDeps, wish: RunnerWish, runner: DirectoryRunner): boolean {
  if (wish.exclude?.has(runner.runner_id)) return false
  const isKind =
    wish.tier === 'own'
      ? runner.kind === 'paired' && trust.confirmed.has(runner.runner_id)
      : runner.kind === 'tee'
  return isKind && isEpochOpen(runner.epoch, nowMs()) && runner.until_ms > nowMs()
}

function isWithin({ price }: DirectoryRunner, { maxPrice }: RunnerWish): boolean {
  const { input = Number.POSITIVE_INFINITY, output = Number.POSITIVE_INFINITY } = maxPrice ?? {}
  return price.input <= input && price.output <= output
}

type Judged =
  | { readonly ok: true; readonly candidate: Candidate }
  | { readonly ok: false; readonly why: string; readonly document?: VerificationDocument }
type Judge = (runner: DirectoryRunner) => Promise<Judged>

async function chooseFrom(deps: ChooseDeps, fitting: readonly DirectoryRunner[], judge: Judge) {
  const left = [...fitting]
  const candidates: Candidate[] = []
  let first: Extract<Judged, { ok: false }> | undefined
  for (let looked = 0; looked < LOOKED_AT_MAX && left.length > 0; looked++) {
    const [runner] = left.splice(deps.random(left.length), 1)
    if (!runner || candidates.some(({ runnerId }) => runnerId === runner.runner_id)) continue
    const judged = await judge(runner)
    if (judged.ok) candidates.push(judged.candidate)
    else first ??= judged
    if (candidates.length === CANDIDATES_MAX) break
  }
  if (candidates.length > 0) return { ok: true, candidates } as const
  return {
    ok: false,
    reason: 'evidence-refused',
    ...(first ? { why: first.why, ...(first.document ? { document: first.document } : {}) } : {}),
  } as const
}

type MadeJudge =
  | { readonly ok: true; readonly judge: Judge; readonly policySeq: number }
  | { readonly ok: false; readonly reason: string }

async function createJudge(
  deps: ChooseDeps,
  verdicts: VerdictCache,
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
  const rules = { policy: policy.value, beacons: beacons.value, seq, verdicts }
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
  readonly verdicts: VerdictCache
}

async function judgeTee(
  { network, trust, nowMs }: ChooseDeps,
  wish: RunnerWish & { readonly manifestDigest: string },
  runner: DirectoryRunner,
  { policy, beacons, seq, verdicts }: TeeRules,
  signal: AbortSignal | undefined,
): Promise<Judged> {
  const { model, manifestDigest } = wish
  const wanted = { model, manifestDigest, platforms: trust.platforms }
  const formats = trust.simulation === 'allowed' ? ALL_FORMATS : REAL_FORMATS
  const known = formats
    .map((format) => ({ evidenceDigest: runner.evidence_digest, format, policySeq: seq, wanted }))
    .map((key) => verdicts.find(key, trust.pins, nowMs()))
    .find((found) => found !== undefined)
  const verified = known ?? (await verifyAnew())
  if (!('document' in verified)) return verified
  const { document, accepted } = verified
  if (!accepted) return { ok: false, why: document.reason ?? 'refused', document }
  trust.notePolicy?.({ seq: accepted.policySeq, digest: accepted.policyDigest })
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
      pins: trust.pins,
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
