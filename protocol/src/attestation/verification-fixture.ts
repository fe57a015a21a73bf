import type { Bytes } from '../bytes.ts'
import { toHex } from '../canonical-json.ts'
import { writeEvidence } from './evidence.ts'
import { bindEvidence, type Freshness, gpuNonceOf } from './policy/binding.ts'
import type { PolicyPins } from './policy/check-policy.ts'
import type { Policy } from './policy/policy.ts'
import { type PolicySigner, signPolicy } from './policy/sign-policy.ts'
import { type Statement, writeStatement } from './policy/statement.ts'
import type { ReasonCode } from './reasons.ts'
import { sha256, sha256Of } from './signatures.ts'
import { type CollateralPlan, simulateCollateral } from './simulated/simulated-collateral.ts'
import { type GpuReportPlan, type SimulatedGpu, simulateDevices } from './simulated/simulated-gpu.ts'
import { SIMULATED_IMAGE, SIMULATED_NETWORK, simulatedPolicy } from './simulated/simulated-policy.ts'
import { type QuotePlan, simulateQuote } from './simulated/simulated-quote.ts'
import { type SnpReportPlan, simulateSnpCollateral, simulateSnpReport } from './simulated/simulated-snp.ts'
import {
  makeSimulatedTee,
  type SimulatedTee,
  simulatedEventLog,
  simulatedRootsOf,
} from './simulated-evidence.ts'
import type { SnpCollateral } from './snp/collateral.ts'
import type { TdxCollateral } from './tdx/collateral.ts'
import { type EventLog, replayEvents } from './tdx/event-log.ts'
import { type VerificationRequest, verifyEvidence } from './verify-evidence.ts'

/** When every test happens. */
export const NOW_MS = Date.UTC(2026, 10, 22, 12)
export const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS
export const MODEL = { id: 'test-model', manifestDigest: 'ab'.repeat(32) } as const
export const CHALLENGE = new Uint8Array(32).fill(0xc1)

/** What differs from evidence that is accepted. */
export type Changes = {
  readonly statement?: Partial<Statement>
  readonly policy?: Partial<Policy>
  readonly pins?: Partial<PolicyPins>
  readonly quote?: Partial<QuotePlan>
  readonly report?: Partial<SnpReportPlan>
  readonly collateral?: Partial<CollateralPlan>
  readonly eventLog?: EventLog
  readonly gpu?: Partial<GpuReportPlan>
  readonly gpus?: readonly SimulatedGpu[]
  /** N that the evidence answers, where it is not the one that the client asks for. */
  readonly nonce?: Bytes
  readonly changeStatement?: (bytes: Bytes) => Bytes
  readonly changeQuote?: (quote: Bytes) => Bytes
  readonly changeCollateral?: (collateral: TdxCollateral) => TdxCollateral | Promise<TdxCollateral>
  readonly changeSnpCollateral?: (collateral: SnpCollateral) => SnpCollateral
  readonly tee?: SimulatedTee
  readonly request?: Partial<VerificationRequest>
}

let madeTee: Promise<SimulatedTee> | undefined
let madeSigners: Promise<readonly PolicySigner[]> | undefined

/** A simulated TEE with two GPUs, made once for each test file. */
export function sharedTee(): Promise<SimulatedTee> {
  madeTee ??= makeSimulatedTee(NOW_MS, { gpus: 2 })
  return madeTee
}

/** Three signers of policies, of whom two must sign. */
export function sharedSigners(): Promise<readonly PolicySigner[]> {
  madeSigners ??= Promise.all([makeSigner(), makeSigner(), makeSigner()])
  return madeSigners
}

/** A pair, which not every runtime's types promise. */
type KeyPair = Readonly<Record<'privateKey' | 'publicKey', PolicySigner['privateKey']>>

async function makeSigner(): Promise<PolicySigner> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as KeyPair
  const publicKey = (await crypto.subtle.exportKey('raw', pair.publicKey)) as ArrayBuffer
  return { publicKey: new Uint8Array(publicKey), privateKey: pair.privateKey }
}

/** What the tests' runner says of itself. */
export async function makeStatement(changes: Partial<Statement> = {}): Promise<Statement> {
  const signingKey = new Uint8Array(32).fill(7)
  return {
    version: 1,
    network: SIMULATED_NETWORK,
    runnerId: await sha256Of(signingKey),
    signingKey: toHex(signingKey),
    owner: 'owner_1',
    kem: { epoch: 5, keys: [{ id: 32, publicKey: 'A'.repeat(43) }] },
    notBeforeMs: NOW_MS - HOUR_MS / 2,
    expiresAtMs: NOW_MS + HOUR_MS,
    beacon: 'be'.repeat(32),
    image: SIMULATED_IMAGE,
    models: [MODEL],
    gpu: { count: 1, mode: 'on' },
    paddingBuckets: [256, 1024, 4096],
    ...changes,
  }
}

/** The policy that takes the tests' TEE. */
export async function makePolicy(changes: Changes): Promise<Policy> {
  const roots = simulatedRootsOf(changes.tee ?? (await sharedTee()))
  return { ...simulatedPolicy(roots, { nowMs: NOW_MS }), ...changes.policy }
}

/** A request about evidence of format `sim-tdx`. Without changes it is accepted. */
export async function tdxRequest(changes: Changes = {}): Promise<VerificationRequest> {
  const tee = changes.tee ?? (await sharedTee())
  const said = await makeStatement(changes.statement)
  const eventLog = changes.eventLog ?? simulatedEventLog(said)
  const parts = await bindParts(changes, tee, said)
  const rtmr3 = await replayEvents(eventLog)
  const quote = await simulateQuote(tee.pki, { reportData: parts.reportData, rtmr3, ...changes.quote })
  const made = await simulateCollateral(tee.pki, { nowMs: NOW_MS, ...changes.collateral })
  const collateral = changes.changeCollateral ? await changes.changeCollateral(made) : made
  const evidence = writeEvidence({
    format: 'sim-tdx',
    ...parts,
    quote: changes.changeQuote ? changes.changeQuote(quote) : quote,
    collateral,
    eventLog,
  })
  return requestOf(changes, evidence)
}

/** A request about evidence of format `sim-sev-snp`. Without changes it is accepted. */
export async function snpRequest(changes: Changes = {}): Promise<VerificationRequest> {
  const tee = changes.tee ?? (await sharedTee())
  const said = await makeStatement(changes.statement)
  const parts = await bindParts(changes, tee, said)
  const quote = await simulateSnpReport(tee.snp, { reportData: parts.reportData, ...changes.report })
  const made = await simulateSnpCollateral(tee.snp, { nowMs: NOW_MS })
  const evidence = writeEvidence({
    format: 'sim-sev-snp',
    ...parts,
    quote: changes.changeQuote ? changes.changeQuote(quote) : quote,
    collateral: changes.changeSnpCollateral ? changes.changeSnpCollateral(made) : made,
    eventLog: changes.eventLog ?? [],
  })
  return requestOf(changes, evidence)
}

async function bindParts(changes: Changes, tee: SimulatedTee, said: Statement) {
  const nonce = changes.nonce ?? CHALLENGE
  const written = writeStatement(said)
  const gpus = changes.gpus ?? tee.gpus.gpus.slice(0, said.gpu.count)
  const gpuNonce = await gpuNonceOf(nonce, await sha256(written))
  const devices = await simulateDevices(gpus, { nonce: gpuNonce, ...changes.gpu })
  const { reportData } = await bindEvidence(nonce, written, devices)
  return {
    statement: changes.changeStatement ? changes.changeStatement(written) : written,
    devices,
    reportData,
  }
}

async function requestOf(changes: Changes, evidence: Bytes): Promise<VerificationRequest> {
  const signers = await sharedSigners()
  const freshness: Freshness = { kind: 'challenge', challenge: CHALLENGE }
  return {
    evidence,
    policy: await signPolicy(await makePolicy(changes), signers.slice(0, 2)),
    pins: {
      network: SIMULATED_NETWORK,
      signers: signers.map((signer) => toHex(signer.publicKey)),
      threshold: 2,
      minSeq: 1,
      ...changes.pins,
    },
    freshness,
    wanted: { model: MODEL.id, manifestDigest: MODEL.manifestDigest, platforms: 'any' },
    simulation: 'allowed',
    nowMs: NOW_MS,
    ...changes.request,
  }
}

/** What the verifier says of a request: `accepted`, or the reason. */
export async function verdictOf(request: VerificationRequest): Promise<ReasonCode | 'accepted'> {
  const { document } = await verifyEvidence(request)
  return document.verdict === 'accepted' ? 'accepted' : (document.reason ?? 'verifier-fault')
}

/** What the verifier says of TDX evidence with changes. */
export async function tdxVerdict(changes: Changes = {}): Promise<ReasonCode | 'accepted'> {
  return verdictOf(await tdxRequest(changes))
}

/** What the verifier says of SEV-SNP evidence with changes. */
export async function snpVerdict(changes: Changes = {}): Promise<ReasonCode | 'accepted'> {
  return verdictOf(await snpRequest(changes))
}

/** Bytes of which one is another. */
export function flip(bytes: Bytes, at: number, by = 1): Bytes {
  const flipped = bytes.slice()
  flipped[at] = (flipped[at] ?? 0) ^ by
  return flipped
}
