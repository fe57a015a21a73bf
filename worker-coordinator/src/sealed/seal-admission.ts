import { utf8 } from '../../../protocol/src/bytes.ts'
import type { SealKeysFrame } from '../../../protocol/src/runner/up.ts'
import { isEpochOpen } from '../../../protocol/src/sealed/epoch-open.ts'
import { createBucket } from '../accounts/rate-limit.ts'
import type { Log } from '../platform/log.ts'
import type { CurrentPolicy, StoredPolicy } from './current-policy.ts'
import {
  type JudgeDeps,
  type JudgedKeys,
  judgePaired,
  judgeTee,
  type KeysRefusal,
  type SealingLink,
} from './judge-keys.ts'
import type { KeptKey, NewSealDocument, Rejudged } from './seal-document-store.ts'
import type { SealedKey } from './sealed-key.ts'

/** Largest document that is judged, bytes: D1 keeps rows of 2 MB at most. */
export const SEAL_DOCUMENT_BYTES_MAX = 900_000
/** How often a runner may show keys: epochs are hours, so this is for restarts and mistakes. */
const SHOWN_PER_MINUTE = 20
/** Documents that are read together to be judged again. */
const REJUDGED_AT_ONCE = 8

export type SealAdmissionDeps = JudgeDeps & {
  readonly policy: CurrentPolicy
  /** False where the runner has too many documents in force. */
  readonly keepDocument: (document: NewSealDocument) => Promise<boolean>
  /** The keys of runners for a model whose documents have not ended. */
  readonly listKeptKeys: (of: {
    readonly runnerIds: readonly string[]
    readonly model: string
    readonly nowMs: number
  }) => Promise<readonly KeptKey[]>
  readonly readDocuments: (digests: readonly string[]) => Promise<ReadonlyMap<string, string>>
  readonly settleDocuments: (rejudged: readonly Rejudged[]) => Promise<void>
  readonly log: Log
}

/** Why keys are not admitted. `store-failed`: the same keys may be shown again. */
export type AdmissionRefusal = KeysRefusal | 'too-many-keys' | 'store-failed'
export type Admitted =
  | { readonly ok: true; readonly key: SealedKey }
  | { readonly ok: false; readonly reason: AdmissionRefusal }

export type SealAdmission = {
  /** Judges what a runner shows for its sealing keys, and keeps it. Never throws. */
  readonly admit: (link: SealingLink, frame: SealKeysFrame, nowMs: number) => Promise<Admitted>
  /**
   * The keys of these runners for a model that requests may name now, by the paired runner's id. What an older policy
   * judged is judged again, and dropped where it fails. Throws where the database does not answer.
   */
  readonly reload: (
    runnerIds: readonly string[],
    model: string,
    nowMs: number,
  ) => Promise<ReadonlyMap<string, readonly SealedKey[]>>
  /** The newest policy's number, at most 30 s old; 0 without one. A higher one than before: `reload`. */
  readonly policySeq: (nowMs: number) => Promise<number>
}

/** Admits sealing keys. Clients judge each of them again; this keeps those away that none would take. */
export function createSealAdmission(deps: SealAdmissionDeps): SealAdmission {
  return {
    admit: createAdmit(deps),
    reload: (runnerIds, model, nowMs) => reload(deps, { runnerIds, model, nowMs }),
    policySeq: (nowMs) => deps.policy.seq(nowMs),
  }
}

function createAdmit(deps: SealAdmissionDeps): SealAdmission['admit'] {
  let clockMs = 0
  const shown = createBucket({ perMinute: SHOWN_PER_MINUTE, nowMs: () => clockMs })
  return async (link, frame, nowMs) => {
    clockMs = Math.max(clockMs, nowMs)
    if (!shown.take(`${link.runnerId} ${link.model}`).allowed) return { ok: false, reason: 'too-many-keys' }
    const document = utf8(frame.document)
    if (document.length > SEAL_DOCUMENT_BYTES_MAX) return { ok: false, reason: 'evidence-too-large' }
    try {
      const judged =
        frame.kind === 'paired'
          ? await judgePaired(link, document, nowMs)
          : await judgeNewTee(deps, { link, document, nowMs })
      if (!judged.ok) return judged
      const { key, models } = judged
      const { runnerId } = link
      const isKept = await deps.keepDocument({ runnerId, key, models, document: frame.document, nowMs })
      return isKept ? { ok: true, key } : { ok: false, reason: 'too-many-keys' }
    } catch (error) {
      deps.log('seal-keys-failed', { runner: link.runnerId, kind: frame.kind, error: faultOf(error) })
      return { ok: false, reason: 'store-failed' }
    }
  }
}

/** A refusal by a policy that is some seconds old is no verdict when a newer one is there. */
async function judgeNewTee(
  deps: SealAdmissionDeps,
  shown: Parameters<typeof judgeTee>[2],
): Promise<JudgedKeys> {
  const policy = await deps.policy.read(shown.nowMs)
  const judged = await judgeTee(deps, policy?.document, shown)
  if (judged.ok) return judged
  const newest = await deps.policy.refresh(shown.nowMs)
  return newest?.seq === policy?.seq ? judged : judgeTee(deps, newest?.document, shown)
}

type ReloadInput = {
  readonly runnerIds: readonly string[]
  readonly model: string
  readonly nowMs: number
}

async function reload(
  deps: SealAdmissionDeps,
  input: ReloadInput,
): Promise<ReadonlyMap<string, readonly SealedKey[]>> {
  const { model, nowMs } = input
  if (input.runnerIds.length === 0) return new Map()
  const [policy, listed] = await Promise.all([deps.policy.read(nowMs), deps.listKeptKeys(input)])
  const open = newestOf(listed.filter(({ key }) => isEpochOpen(key.epoch, nowMs)))
  const stale = open.filter(({ key }) => isStale(deps, key, policy))
  const again = new Set(stale)
  const judged = await judgeAgain(deps, { stale, policy, model, nowMs })
  const found = new Map<string, SealedKey[]>()
  for (const kept of open) {
    const key = again.has(kept) ? judged.get(kept.key.evidenceDigest) : kept.key
    if (key) found.set(kept.pairedRunnerId, [...(found.get(kept.pairedRunnerId) ?? []), key])
  }
  return found
}

/** One of each runner, kind and epoch: with a new one the runner lets go of the key before it. */
function newestOf(kept: readonly KeptKey[]): readonly KeptKey[] {
  const nameOf = ({ pairedRunnerId, key }: KeptKey) => `${pairedRunnerId} ${key.kind} ${key.epoch}`
  return [...new Map(kept.map((one) => [nameOf(one), one])).values()]
}

/** Whether a verdict is not today's: the policy is newer, or this build takes no simulation any more. */
function isStale({ simulation }: SealAdmissionDeps, key: SealedKey, policy: StoredPolicy | undefined) {
  if (key.kind === 'paired') return false
  return !policy || key.policySeq < policy.seq || (key.isSimulated && simulation === 'refused')
}

type StaleKeys = {
  readonly stale: readonly KeptKey[]
  readonly policy: StoredPolicy | undefined
  readonly model: string
  readonly nowMs: number
}

/** Judges documents by the newest policy and writes what it says. Gives the keys that pass, by digest. */
async function judgeAgain(
  deps: SealAdmissionDeps,
  { stale, policy, model, nowMs }: StaleKeys,
): Promise<ReadonlyMap<string, SealedKey>> {
  const passed = new Map<string, SealedKey>()
  for (let at = 0; at < stale.length; at += REJUDGED_AT_ONCE) {
    const some = stale.slice(at, at + REJUDGED_AT_ONCE)
    const documents = await deps.readDocuments(some.map(({ key }) => key.evidenceDigest))
    const rejudged: Rejudged[] = []
    for (const { pairedRunnerId, manifestDigest, key } of some) {
      const document = documents.get(key.evidenceDigest)
      if (document === undefined) continue
      const link = { runnerId: pairedRunnerId, model, manifestDigest }
      const judged = await judgeTee(deps, policy?.document, { link, document: utf8(document), nowMs })
      if (judged.ok) passed.set(key.evidenceDigest, judged.key)
      else logDropped(deps.log, pairedRunnerId, key, judged.reason)
      rejudged.push({
        evidenceDigest: key.evidenceDigest,
        untilMs: judged.ok ? judged.key.untilMs : nowMs,
        policySeq: policy?.seq ?? key.policySeq,
      })
    }
    await deps.settleDocuments(rejudged)
  }
  return passed
}

function logDropped(log: Log, runner: string, key: SealedKey, reason: string): void {
  log('seal-keys-dropped', { runner, sealed_runner: key.runnerId, evidence: key.evidenceDigest, reason })
}

function faultOf(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown'
}
