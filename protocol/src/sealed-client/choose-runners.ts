import { createVerdictCache } from '../attestation/verdict-cache.ts'
import type { VerificationDocument } from '../attestation/verification-document.ts'
import type { Bytes } from '../bytes.ts'
import type { Tier } from '../miniapp/fields.ts'
import { type DirectoryRunner, readDirectory } from '../sealed/directory.ts'
import { isEpochOpen } from '../sealed/epoch-open.ts'
import { CANDIDATES_MAX } from '../sealed/header.ts'
import { createJudge, type Judge, type Judged } from './judge-runner.ts'
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
 * is asked, and only those whose evidence passes here. Verdicts are kept until the first part of them ends, and the
 * newest policy for as long as this lives: an older one is refused.
 */
export function createRunnerChooser(deps: ChooseDeps): ChooseRunners {
  const memory = { verdicts: createVerdictCache(), seen: deps.trust.pins.seen }
  const choose: ChooseRunners = async (wish, signal) => {
    const reply = await deps.network.readDirectory(wish.model, wish.tier, signal)
    if (!reply.ok) return { ok: false, reason: reply.reason }
    const read = await readDirectory(reply.value, deps.nowMs())
    if (!read.ok) return { ok: false, reason: 'evidence-refused', why: read.reason }
    const { directory } = read
    const isAsked = directory.model === wish.model && directory.tier === wish.tier
    if (!isAsked) return { ok: false, reason: 'evidence-refused', why: 'directory-of-another' }
    const manifestDigest = wish.manifestDigest ?? directory.manifest_digest
    const fitting = findFitting(deps, wish, directory.runners)
    if (typeof fitting === 'string') return { ok: false, reason: fitting }
    const judge = await createJudge(deps, memory, { ...wish, manifestDigest }, signal)
    if (!judge.ok) return { ok: false, reason: 'evidence-refused', why: judge.reason }
    const chosen = await chooseFrom(deps, fitting, judge.judge)
    if (!chosen.ok) return chosen
    const { policySeq } = judge
    return { ...chosen, directoryDigest: read.digest, manifestDigest, policySeq }
  }
  return async (wish, signal) => {
    const chosen = await choose(wish, signal)
    return chosen.ok || !deps.network.forget?.() ? chosen : choose(wish, signal)
  }
}

/** Those that can do what is asked, at a price that is right; or why there is none. */
function findFitting(
  deps: ChooseDeps,
  wish: RunnerWish,
  runners: readonly DirectoryRunner[],
): readonly DirectoryRunner[] | ChooseRefusal {
  const known = runners.filter((runner) => isKnown(deps, wish, runner))
  if (known.length === 0) return wish.tier === 'own' ? 'no-own-runner' : 'no-runner'
  const able = known.filter(({ features }) => wish.features.every((one) => features.includes(one)))
  if (able.length === 0) return 'unsupported'
  const fitting = able.filter((runner) => isWithin(runner, wish))
  return fitting.length === 0 ? 'price-too-low' : fitting
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

async function chooseFrom(deps: ChooseDeps, fitting: readonly DirectoryRunner[], judge: Judge) {
  // Each runner has one chance, however often it stands there: around the hour it has keys of two epochs.
  const left = byRunner(fitting)
  const candidates: Candidate[] = []
  const contexts: number[] = []
  let first: Extract<Judged, { ok: false }> | undefined
  for (let looked = 0; looked < LOOKED_AT_MAX && left.length > 0; looked++) {
    const [epochs = []] = left.splice(deps.random(left.length), 1)
    const judged = await judgeNewest(epochs, judge)
    if (judged?.ok) {
      candidates.push(judged.candidate)
      contexts.push(judged.contextTokens)
    } else first ??= judged
    if (candidates.length === CANDIDATES_MAX) break
  }
  if (candidates.length > 0) return { ok: true, candidates, contextTokens: Math.min(...contexts) } as const
  return {
    ok: false,
    reason: 'evidence-refused',
    ...(first ? { why: first.why, ...(first.document ? { document: first.document } : {}) } : {}),
  } as const
}

/** Epochs of one runner that are open at once: this hour's and a neighbour's. */
const EPOCHS_MAX = 2

/** Judges a runner by its newest keys, or else by those before: the newest may not count yet. */
async function judgeNewest(epochs: readonly DirectoryRunner[], judge: Judge) {
  let refused: Extract<Judged, { ok: false }> | undefined
  for (const runner of epochs.toSorted((a, b) => b.epoch - a.epoch).slice(0, EPOCHS_MAX)) {
    const judged = await judge(runner)
    if (judged.ok) return { ...judged, contextTokens: runner.context_tokens }
    refused = judged
  }
  return refused
}

function byRunner(runners: readonly DirectoryRunner[]): DirectoryRunner[][] {
  const groups = new Map<string, DirectoryRunner[]>()
  for (const runner of runners) {
    const group = groups.get(runner.runner_id)
    if (group) group.push(runner)
    else groups.set(runner.runner_id, [runner])
  }
  return [...groups.values()]
}
