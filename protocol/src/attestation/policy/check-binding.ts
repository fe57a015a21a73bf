import { type Bytes, fromHex, sameBytes } from '../../bytes.ts'
import { accept, type Checked, type ReasonCode, refuse } from '../reasons.ts'
import { sha256Of } from '../signatures.ts'
import { type Binding, beaconNonce, bindEvidence, CHALLENGE_BYTES, type Freshness } from './binding.ts'
import type { Policy } from './policy.ts'
import type { Statement } from './statement.ts'

/** Longest time from a beacon, and longest life of a statement. */
export const MAX_WINDOW_MS = 2 * 3_600_000
/** How far a beacon may seem to be ahead of the client's clock. */
const MAX_CLOCK_SKEW_MS = 120_000

/** What a quote proved, as far as its binding is concerned. */
export type ProvenPlatform = {
  readonly reportData: Bytes
  /** `platformIdOf` the hardware's own id. */
  readonly platformId: string
}

export type BindingSubject = {
  readonly statement: Statement
  readonly statementBytes: Bytes
  readonly devicesBytes: Bytes
  readonly platform: ProvenPlatform
}

export type BindingRules = {
  readonly policy: Policy
  readonly freshness: Freshness
  /** `registered`: the tier demands a machine that the policy lists. */
  readonly platforms: 'any' | 'registered'
  readonly nowMs: number
}

/** What is bound, and until when it counts as fresh. */
export type FreshBinding = Binding & { readonly untilMs: number }

/** Checks that the quote speaks of this statement and these devices, now, and of nobody who was revoked. */
export async function checkBinding(
  subject: BindingSubject,
  rules: BindingRules,
): Promise<Checked<FreshBinding>> {
  const { statement, platform } = subject
  const fresh = await checkNonce(statement, rules)
  if (!fresh.ok) return fresh
  const binding = await bindEvidence(fresh.value.nonce, subject.statementBytes, subject.devicesBytes)
  const inputs = {
    ...fresh.inputs,
    runnerId: statement.runnerId,
    platformId: platform.platformId,
    statementFrom: new Date(statement.notBeforeMs).toISOString(),
    statementUntil: new Date(statement.expiresAtMs).toISOString(),
  }
  if (!sameBytes(platform.reportData, binding.reportData)) return refuse('report-data', inputs)
  const signingKey = fromHex(statement.signingKey)
  if (!signingKey || (await sha256Of(signingKey)) !== statement.runnerId) return refuse('runner-id', inputs)
  const fault = findStatementFault(subject, rules)
  if (fault) return refuse(fault, inputs)
  return accept({ ...binding, untilMs: Math.min(fresh.value.untilMs, statement.expiresAtMs) }, inputs)
}

function findStatementFault(
  { statement, platform }: BindingSubject,
  { policy, platforms, nowMs }: BindingRules,
): ReasonCode | undefined {
  if (statement.network !== policy.network) return 'statement-network'
  const lifeMs = statement.expiresAtMs - statement.notBeforeMs
  if (lifeMs <= 0 || lifeMs > MAX_WINDOW_MS) return 'statement-window'
  if (nowMs < statement.notBeforeMs) return 'statement-not-yet-valid'
  if (nowMs > statement.expiresAtMs) return 'statement-expired'
  if (policy.revoked.runners.includes(statement.runnerId)) return 'runner-revoked'
  if (policy.revoked.platforms.includes(platform.platformId)) return 'platform-revoked'
  const isRegistered = policy.platforms.includes(platform.platformId)
  return platforms === 'registered' && !isRegistered ? 'platform-unregistered' : undefined
}

type Fresh = { readonly nonce: Bytes; readonly untilMs: number }

async function checkNonce(statement: Statement, { freshness, nowMs }: BindingRules): Promise<Checked<Fresh>> {
  if (freshness.kind === 'challenge') {
    if (freshness.challenge.length !== CHALLENGE_BYTES) return refuse('challenge-malformed')
    return accept({ nonce: freshness.challenge, untilMs: nowMs + MAX_WINDOW_MS })
  }
  const beacon = freshness.beacons.find((one) => one.value === statement.beacon)
  const value = fromHex(statement.beacon)
  if (!beacon || !value) return refuse('beacon-unknown', { beacon: statement.beacon })
  const ageMs = nowMs - beacon.publishedAtMs
  const inputs = { beacon: beacon.value, beaconAgeMs: ageMs }
  // Written so that a beacon without a date (NaN) is stale.
  if (!(ageMs <= MAX_WINDOW_MS)) return refuse('beacon-stale', inputs)
  if (ageMs < -MAX_CLOCK_SKEW_MS) return refuse('beacon-future', inputs)
  return accept({ nonce: await beaconNonce(value), untilMs: beacon.publishedAtMs + MAX_WINDOW_MS }, inputs)
}
