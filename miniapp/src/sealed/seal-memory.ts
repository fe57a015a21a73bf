import type { VerificationDocument } from '../../../protocol/src/attestation/verification-document.ts'
import { isRecord } from '../session/session.ts'
import { readRunnerId } from './runner-name.ts'

/** The newest policy that was accepted here, of one network. */
export type SeenPolicy = { readonly network: string; readonly seq: number; readonly digest: string }

/** Runners that one person can confirm on one device. */
export const CONFIRMED_MAX = 64

/** Verdicts that are kept; the oldest go first. A runner has a new one each hour. */
export const VERDICTS_MAX = 24

type Kept = Pick<Storage, 'getItem' | 'setItem'>

/**
 * What this device knows of whom a person seals to: which runners the person confirmed, and the newest policy. It lies in
 * the browser's storage, so it belongs to one coordinator and one person, and no coordinator can change it.
 */
export type SealMemory = ReturnType<typeof createSealMemory>

/** Opens it. What a browser does not keep lasts as long as the page. */
export function createSealMemory(storage: Kept, person: string) {
  const confirmedAs = `sharnaqa-confirmed-${person}`
  const policyAs = `sharnaqa-policy-${person}`
  const verdictsAs = `sharnaqa-verdicts-${person}`
  const listeners = new Set<() => void>()
  const refused = new Map<string, VerificationDocument>()
  let confirmed: ReadonlySet<string> = new Set(readList(storage, confirmedAs))
  let seen = readSeen(storage, policyAs)
  const change = (ids: ReadonlySet<string>) => {
    confirmed = ids
    write(storage, confirmedAs, [...ids])
    for (const listener of listeners) listener()
  }
  return {
    confirmed: (): ReadonlySet<string> => confirmed,
    /** The person compared it. False where there are too many already. */
    confirm: (runnerId: string): boolean => {
      if (confirmed.size >= CONFIRMED_MAX && !confirmed.has(runnerId)) return false
      change(new Set([...confirmed, runnerId]))
      return true
    },
    unconfirm: (runnerId: string): void => change(new Set([...confirmed].filter((id) => id !== runnerId))),
    subscribe: (listener: () => void): (() => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** What this device's own check said of evidence when it last passed. Only ever shown: no verdict is used from here. */
    verdict: (evidenceDigest: string): VerificationDocument | undefined =>
      readVerdicts(storage, verdictsAs).find((one) => one.evidenceDigest === evidenceDigest),
    /** What this page's own check said of evidence that did not pass, as long as the page is open. */
    refusal: (evidenceDigest: string): VerificationDocument | undefined => refused.get(evidenceDigest),
    /** Keeps what this device's own check said: on the device where it passed, else as long as the page is open. */
    noteVerdict: (document: VerificationDocument): void => {
      const digest = document.evidenceDigest ?? ''
      if (document.verdict === 'accepted') return keepAccepted(storage, verdictsAs, document)
      refused.set(digest, document)
      const [oldest] = refused.keys()
      if (refused.size > VERDICTS_MAX && oldest !== undefined) refused.delete(oldest)
    },
    /** The newest policy of a network that was accepted here. */
    seen: (network: string): SeenPolicy | undefined => (seen?.network === network ? seen : undefined),
    /** Keeps a policy, unless a newer one of its network is kept: from now on older ones are refused. */
    noteSeen: (policy: SeenPolicy): void => {
      if (seen?.network === policy.network && seen.seq >= policy.seq) return
      seen = policy
      write(storage, policyAs, policy)
    },
  }
}

function readList(storage: Kept, name: string): readonly string[] {
  const kept = read(storage, name)
  const ids = Array.isArray(kept) ? kept.slice(0, CONFIRMED_MAX) : []
  return ids.flatMap((id: unknown) => {
    const known = typeof id === 'string' ? readRunnerId(id) : undefined
    return known === undefined ? [] : [known]
  })
}

function keepAccepted(storage: Kept, name: string, document: VerificationDocument): void {
  const kept = readVerdicts(storage, name)
  if (kept.some((one) => one.evidenceDigest === document.evidenceDigest)) return
  write(storage, name, [...kept, document].slice(-VERDICTS_MAX))
}

/** Written by this page alone; what has another shape is not one. */
function readVerdicts(storage: Kept, name: string): readonly VerificationDocument[] {
  const kept = read(storage, name)
  const isVerdict = (one: unknown) =>
    isRecord(one) && one.version === 1 && typeof one.evidenceDigest === 'string'
  return Array.isArray(kept) ? (kept.filter(isVerdict) as VerificationDocument[]) : []
}

function readSeen(storage: Kept, name: string): SeenPolicy | undefined {
  const kept = read(storage, name)
  if (!isRecord(kept)) return undefined
  const { network, seq, digest } = kept
  const isOne = typeof network === 'string' && typeof digest === 'string' && Number.isSafeInteger(seq)
  return isOne ? { network, digest, seq: Number(seq) } : undefined
}

function read(storage: Kept, name: string): unknown {
  try {
    return JSON.parse(storage.getItem(name) ?? 'null')
  } catch {
    return undefined // a browser that keeps nothing, or something else under this name
  }
}

function write(storage: Kept, name: string, value: unknown): void {
  try {
    storage.setItem(name, JSON.stringify(value))
  } catch {
    // It still holds for this page.
  }
}
