import { isClock, type PolicyPins } from './policy/check-policy.ts'
import type { EvidenceFormat } from './policy/policy.ts'
import type { AcceptedEvidence, Verification, Wanted } from './verify-evidence.ts'

/** What a verdict was given for. Everything that step 13 and the tier asked is part of it. */
export type VerdictKey = {
  readonly evidenceDigest: string
  readonly format: EvidenceFormat
  readonly policySeq: number
  readonly wanted: Wanted
}

/** An accepted verdict. */
export type AcceptedVerification = Verification & { readonly accepted: AcceptedEvidence }

/** Verdicts that may be used again. */
export type VerdictCache = {
  /** The verdict, until the first part of it ends; never under a policy that is older than what the client has seen. */
  find(key: VerdictKey, pins: PolicyPins, nowMs: number): AcceptedVerification | undefined
  /** Keeps an accepted verdict. Refused ones are not kept: a refusal may pass with the next collateral. */
  keep(key: VerdictKey, verification: Verification): void
}

/** Most verdicts that are kept; the oldest go first. */
const MAX_VERDICTS = 256

/** Starts empty, in memory alone. */
export function createVerdictCache(): VerdictCache {
  const kept = new Map<string, AcceptedVerification>()
  return {
    find: (key, pins, nowMs) => {
      if (!isClock(nowMs) || key.policySeq < Math.max(pins.minSeq, pins.seen?.seq ?? 0)) return undefined
      const found = kept.get(nameOf(key))
      if (!found) return undefined
      if (nowMs <= found.accepted.untilMs && (found.document.verifiedAtMs ?? nowMs + 1) <= nowMs) return found
      kept.delete(nameOf(key))
      return undefined
    },
    keep: (key, { document, accepted }) => {
      if (!accepted || accepted.evidenceDigest !== key.evidenceDigest || accepted.policySeq !== key.policySeq)
        return
      kept.delete(nameOf(key))
      kept.set(nameOf(key), { document, accepted })
      const [oldest] = kept.keys()
      if (kept.size > MAX_VERDICTS && oldest !== undefined) kept.delete(oldest)
    },
  }
}

function nameOf({ evidenceDigest, format, policySeq, wanted }: VerdictKey): string {
  return JSON.stringify([
    evidenceDigest,
    format,
    policySeq,
    wanted.model,
    wanted.manifestDigest,
    wanted.platforms,
  ])
}
