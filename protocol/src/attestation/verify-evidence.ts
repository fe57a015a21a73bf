import type { Bytes } from '../bytes.ts'
import { type Evidence, isSimulatedEvidence, parseEvidence } from './evidence.ts'
import type { HardwareRules, ProvenHardware } from './hardware.ts'
import { checkGpus } from './nvidia/check-gpus.ts'
import type { Freshness } from './policy/binding.ts'
import { checkBinding } from './policy/check-binding.ts'
import { checkPolicy, isClock, type PolicyPins, type TrustedPolicy } from './policy/check-policy.ts'
import { isSimulatedNetwork, type Policy, parseSignedPolicy, type SignedPolicy } from './policy/policy.ts'
import type { Statement } from './policy/statement.ts'
import { accept, type Checked, refuse } from './reasons.ts'
import { PINNED_ROOTS, SIMULATED_CHIP_NAME, SIMULATED_NAMES, type TrustRoots } from './roots.ts'
import { proveSnp } from './snp/prove-snp.ts'
import { proveTdx } from './tdx/prove-tdx.ts'
import { type StepLog, startStepLog, type VerificationDocument } from './verification-document.ts'

/** What a client asks of evidence. */
export type Wanted = {
  readonly model: string
  readonly manifestDigest: string
  /** `registered`: the tier demands a machine whose custody somebody checked. */
  readonly platforms: 'any' | 'registered'
}

/** Everything that the verdict depends on. Nothing is read from elsewhere: no network, no clock. */
export type VerificationRequest = {
  /** As `writeEvidence` writes it. */
  readonly evidence: Bytes
  /** As `signPolicy` writes it. */
  readonly policy: Bytes
  readonly pins: PolicyPins
  readonly freshness: Freshness
  readonly wanted: Wanted
  /** `allowed` only in builds for tests and for one's own machine: the simulated TEE proves nothing. */
  readonly simulation: 'refused' | 'allowed'
  readonly nowMs: number
}

/** What a client may rely on after `accepted`. */
export type AcceptedEvidence = {
  readonly statement: Statement
  readonly evidenceDigest: string
  readonly policySeq: number
  readonly policyDigest: string
  readonly platformId: string
  readonly isSimulated: boolean
  /** The first moment at which a part of it ends, Unix ms. Never used after that. */
  readonly untilMs: number
}

/** The verdict. `accepted` is there only where every step passed. */
export type Verification = {
  readonly document: VerificationDocument
  readonly accepted?: AcceptedEvidence
}

/**
 * Judges evidence in thirteen steps. The first that refuses ends it, with a reason of its own; a fault of the verifier
 * refuses as well. Pure: runs in browsers, in workerd and in Node on WebCrypto alone.
 */
export async function verifyEvidence(request: VerificationRequest): Promise<Verification> {
  const { nowMs, wanted } = request
  const log = startStepLog()
  const input = await log.run('input', () => readInput(request))
  if (!input) return conclude(request, log, {})
  const { evidence } = input
  const trusted = await log.run('policy', () => checkPolicy(input.policy, request.pins, nowMs))
  if (!trusted) return conclude(request, log, { evidence })
  const { policy } = trusted
  const roots = rootsFor(evidence, policy)
  const hardware = await proveHardware(log, evidence, { roots, policy, nowMs })
  if (!hardware) return conclude(request, log, { evidence, trusted })
  const { freshness } = request
  const binding = await log.run('binding', () =>
    checkBinding(
      { ...evidence, platform: hardware },
      { policy, freshness, platforms: wanted.platforms, nowMs },
    ),
  )
  if (!binding) return conclude(request, log, { evidence, trusted })
  const gpuRules = { policy, root: roots.nvidia.root, nonce: binding.gpuNonce, nowMs }
  const gpus = await log.run('gpu', () => checkGpus(evidence.devicesBytes, evidence.statement, gpuRules))
  const model = gpus && (await log.run('model', () => checkModel(evidence.statement, wanted)))
  if (!gpus || !model) return conclude(request, log, { evidence, trusted })
  const untilMs = Math.min(policy.expiresAtMs, hardware.untilMs, binding.untilMs, gpus.untilMs)
  return conclude(request, log, { evidence, trusted, proven: { platformId: hardware.platformId, untilMs } })
}

type Input = { readonly evidence: Evidence; readonly policy: SignedPolicy }

async function readInput(request: VerificationRequest): Promise<Checked<Input>> {
  const read = await parseEvidence(request.evidence)
  if (!read.ok) return read
  const policy = parseSignedPolicy(request.policy)
  if (!policy) return refuse('policy-malformed', read.inputs)
  const { formats, network } = policy.policy
  if (!formats.includes(read.value.format)) return refuse('format-refused', read.inputs)
  // Format, build and network must all say that this is a simulation; the roots say it again below.
  const isAllowed = request.simulation === 'allowed' && isSimulatedNetwork(network)
  if (isSimulatedEvidence(read.value) && !isAllowed) return refuse('simulation-refused', read.inputs)
  return accept({ evidence: read.value, policy }, read.inputs)
}

/** The roots that evidence must end in: the makers' own, or the simulated TEE's and those alone. */
function rootsFor(evidence: Evidence, { simulatedRoots }: Policy): TrustRoots {
  if (!isSimulatedEvidence(evidence)) return PINNED_ROOTS
  // No digest is empty: without roots nothing is trusted.
  const none = ''
  const amd = simulatedRoots?.amd ?? { ark: none, ask: none }
  return {
    intel: { root: simulatedRoots?.intel ?? none, names: SIMULATED_NAMES },
    amd: { leafName: SIMULATED_CHIP_NAME, products: { genoa: amd, turin: amd } },
    nvidia: { root: simulatedRoots?.nvidia ?? none },
  }
}

function proveHardware(
  log: StepLog,
  evidence: Evidence,
  rules: HardwareRules,
): Promise<ProvenHardware | undefined> {
  return evidence.tee === 'tdx' ? proveTdx(log, evidence, rules) : proveSnp(log, evidence, rules)
}

function checkModel(statement: Statement, wanted: Wanted): Checked<true> {
  const inputs = { model: wanted.model, manifestDigest: wanted.manifestDigest }
  const models = statement.models.filter((model) => model.id === wanted.model)
  if (models.length === 0) return refuse('model-missing', inputs)
  const isSame = models.every((model) => model.manifestDigest === wanted.manifestDigest)
  return isSame ? accept(true, inputs) : refuse('model-manifest', inputs)
}

type Known = {
  readonly evidence?: Evidence
  readonly trusted?: TrustedPolicy
  readonly proven?: { readonly platformId: string; readonly untilMs: number }
}

function conclude({ nowMs }: VerificationRequest, log: StepLog, known: Known): Verification {
  const { evidence, trusted, proven } = known
  const reason = log.reason()
  const isSimulated = evidence !== undefined && isSimulatedEvidence(evidence)
  const isAccepted = reason === undefined && proven !== undefined
  const document: VerificationDocument = {
    version: 1,
    verdict: isAccepted ? 'accepted' : 'refused',
    ...(reason && { reason }),
    isSimulated,
    verifiedAtMs: isClock(nowMs) ? nowMs : null,
    untilMs: isAccepted ? proven.untilMs : null,
    format: evidence?.format ?? null,
    evidenceDigest: evidence?.digest ?? null,
    runnerId: evidence?.statement.runnerId ?? null,
    policySeq: trusted?.policy.seq ?? null,
    policyDigest: trusted?.digest ?? null,
    steps: [...log.reports()],
  }
  if (!isAccepted || !evidence || !trusted) return { document }
  const accepted = {
    statement: evidence.statement,
    evidenceDigest: evidence.digest,
    policySeq: trusted.policy.seq,
    policyDigest: trusted.digest,
    platformId: proven.platformId,
    isSimulated,
    untilMs: proven.untilMs,
  }
  return { document, accepted }
}
