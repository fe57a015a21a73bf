import type { RunnerId } from '../../../protocol/src/ids.ts'
import type { Nano } from '../../../protocol/src/money.ts'
import type { DownFrame } from '../../../protocol/src/runner/down.ts'
import type { Hello } from '../../../protocol/src/runner/up.ts'
import type { Feature, Job } from '../jobs/chat-job.ts'
import type { EndOfJob, OpenJobResult } from '../jobs/job-store.ts'
import type { Log } from '../platform/log.ts'
import type { Price } from '../pricing/price.ts'
import type { SealAdmission } from '../sealed/seal-admission.ts'
import type { SealedKey } from '../sealed/sealed-key.ts'
import { competes, type LinkAudience, mayServe, type Reach } from './audience.ts'
import { type AudienceBook, createAudienceBook } from './audience-book.ts'
import type { LiveJob } from './live-job.ts'

/** Every wait and queue of a dispatch object, in ms where it ends so. */
export const BOUNDS = {
  /** From the offer to the first delta: long prompts on slow machines take their time. */
  firstDeltaMs: 45_000,
  /** Between two deltas: after it the runner counts as hung. */
  betweenDeltasMs: 15_000,
  /** How long a lost runner may take to come back while another one is free. */
  resumeGraceMs: 1_500,
  /** How long it may take when no other is free. */
  leaseMs: 15_000,
  /** From `job.cancel` to the runner's `job.done`. */
  stopWaitMs: 2_000,
  /** How long a job waits for a free runner. */
  queueWaitMs: 120_000,
  /** How long a sealed job waits: runners take none that is older than two minutes. */
  sealedWaitMs: 90_000,
  /** The longest that an answer may take; below the expiry of holds. */
  answerMaxMs: 12 * 60_000,
  queueMax: 256,
  /** Jobs of tier `own` that wait for the same machines: they cost nothing, so they are fewer. */
  ownQueueMax: 32,
  /** Runners that one job is given to, one after the other. */
  attemptsMax: 4,
  /** How long an answer in one piece waits for its first sign of life: until then a failure is a status. */
  firstLifeMs: 10_000,
  /** The same for a stream, from its hold on: a prompt that does not fit is refused sooner; then its headers go out. */
  streamHeadersMs: 12,
  /** A first guess of a job's duration, until there are real ones. */
  firstJobSeconds: 8,
  /** Ended answers kept for a repeated request, and for how long. */
  recentMax: 128,
  recentMs: 300_000,
  /** Ciphertext that they may have together, in bytes. */
  recentBytesMax: 32 * 1024 * 1024,
  conversationsMax: 10_000,
  strikesMax: 1_000,
} as const
export type Bounds = { readonly [Name in keyof typeof BOUNDS]: number }

/** What the coordinator knows of a link; survives hibernation as the socket's attachment. */
export type LinkFacts = LinkAudience & {
  readonly linkId: string
  readonly runnerId: RunnerId
  readonly ledgerId: number
  /** Base64url, for checking receipts. */
  readonly publicKey: string
  readonly manifestDigest: string
  readonly contextTokens: number
  readonly features: readonly Feature[]
  readonly engine: Hello['engine']
  readonly device: string
  readonly slots: number
  readonly tokensPerSecond: number
  /** What it is paid, nano per 1,000,000 tokens: its owner's price, or else its own. */
  readonly ask: Hello['ask']
  /** What it asked itself. */
  readonly ownAsk: Hello['ask']
  /** Continent, as the edge names it; null where it is not known. */
  readonly region: string | null
  readonly linkedAtMs: number
}

export type Link = {
  facts: LinkFacts
  price: Price
  /** Whose jobs it takes, as the book keeps it: follows from the facts. */
  shelves: readonly string[]
  /** Keys that sealed requests may name, the newest last; KEYS_PER_LINK at most. */
  sealedKeys: readonly SealedKey[]
  /** Admissions of its keys, one after the other. */
  readonly admission: { last: Promise<void>; readonly sinceMs: number[] }
  /** Jobs that the runner has now. */
  readonly leased: Set<LiveJob>
  strikes: number
  /** The runner said that it takes nothing now; until it says otherwise. */
  closed: boolean
  /** It said goodbye: for good. */
  leaving: boolean
}

export type DispatchDeps = {
  readonly model: string
  readonly shard: number
  readonly bounds: Bounds
  readonly commissionBps: bigint
  readonly nowMs: () => number
  readonly setTimer: (ms: number, run: () => void) => unknown
  readonly clearTimer: (timer: unknown) => void
  /** False when the socket is gone. */
  readonly sendFrame: (linkId: string, frame: DownFrame) => boolean
  readonly keys: SealAdmission
  readonly openJob: (input: {
    readonly job: Job
    readonly shard: number
    readonly state: 'queued' | 'running'
    readonly price: Price
    readonly hold: Nano
    readonly nowMs: number
  }) => Promise<OpenJobResult>
  readonly markJobRunning: (jobId: string) => Promise<void>
  readonly endJob: (end: EndOfJob) => Promise<{ readonly ok: boolean }>
  readonly log: Log
}

/** Where a desk stands with the keys of its links. */
export type Seals = {
  /** Of the newest policy that was seen. */
  policySeq: number
  /** False after a sleep, until they were read. */
  isRead: boolean
  reading: Promise<void> | undefined
  /** A timer looks at them again. */
  isWatched: boolean
}

/** The live side of one model's queue: its links, its open jobs, who waits. Lost at a restart, and then rebuilt. */
export type Desk = {
  readonly deps: DispatchDeps
  readonly links: Map<string, Link>
  readonly book: AudienceBook
  readonly jobs: Map<string, LiveJob>
  /** Jobs without a runner, the next one first: queued ones, and in front of them those whose runner was lost. */
  readonly waiting: LiveJob[]
  /** Ended jobs, oldest first. */
  readonly recent: Map<string, { readonly live: LiveJob; readonly endedAtMs: number }>
  /** Open and recent jobs that came with an `Idempotency-Key`, by `keyOf`. */
  readonly keys: Map<string, LiveJob>
  /** Faults of runners that are away, so that coming back does not wipe them off. */
  readonly strikes: Map<string, number>
  /** Which link served a conversation last. */
  readonly conversations: Map<string, string>
  /** Which links hold a key of a sealed request, by the digest of its evidence. */
  readonly sealedLinks: Map<string, Set<Link>>
  readonly seals: Seals
  /** Running mean of job durations. */
  jobSeconds: number
  /** Called when a slot may be free: whoever waits may begin. */
  readonly onSlotFree: () => void
}

export function createDesk(deps: DispatchDeps, onSlotFree: () => void): Desk {
  return {
    deps,
    links: new Map(),
    book: createAudienceBook(),
    jobs: new Map(),
    waiting: [],
    recent: new Map(),
    keys: new Map(),
    strikes: new Map(),
    conversations: new Map(),
    sealedLinks: new Map(),
    seals: { policySeq: 0, isRead: true, reading: undefined, isWatched: false },
    jobSeconds: deps.bounds.firstJobSeconds,
    onSlotFree,
  }
}

/** Puts a link where it belongs in the book after anything about it changed. */
export function refreshLink({ book }: Desk, link: Link): void {
  const { facts, price, shelves, leased, strikes, closed, leaving } = link
  if (closed || leaving || leased.size >= facts.slots) return book.remove(facts.linkId)
  const { linkId, runnerId, features, tokensPerSecond } = facts
  book.put({ linkId, runnerId, price, features, tokensPerSecond, strikes }, shelves)
}

/** Jobs that a link would take now. */
export function freeSlotsOf({ facts, leased, closed, leaving }: Link): number {
  return closed || leaving ? 0 : facts.slots - leased.size
}

/** Links whose audience a job belongs to, free or busy. */
export function linksFor({ links }: Desk, reach: Reach): readonly Link[] {
  return [...links.values()].filter(({ facts }) => mayServe(facts, reach))
}

/** A job's place among those that wait for the same links: 1 is next. Undefined when it does not wait. */
export function placeOf({ waiting }: Desk, live: LiveJob): number | undefined {
  const at = waiting.indexOf(live)
  if (at < 0) return undefined
  return 1 + waiting.slice(0, at).filter(({ job }) => competes(job, live.job)).length
}

/** An honest estimate of how long the job at a place (1 is next) before these links waits, in whole seconds. */
export function estimateWaitSeconds({ jobSeconds }: Desk, links: readonly Link[], place: number): number {
  const slots = links.reduce((sum, { facts }) => sum + facts.slots, 0)
  return Math.max(1, Math.ceil((place * jobSeconds) / Math.max(1, slots)))
}

/** Sets the one timer of a job; the last one set counts. */
export function setJobTimer({ deps }: Desk, live: LiveJob, ms: number, run: () => void): void {
  deps.clearTimer(live.timer)
  live.quietUntilMs = undefined
  live.timer = deps.setTimer(ms, run)
}

/** Gives a job that lives another `betweenDeltasMs`. Its timer stays: it is set again only when it fires too early. */
export function extendJobTimer(desk: Desk, live: LiveJob, run: () => void): void {
  const { deps } = desk
  const ms = deps.bounds.betweenDeltasMs
  const isWatched = live.quietUntilMs !== undefined
  live.quietUntilMs = deps.nowMs() + ms
  if (isWatched) return
  const look = () => {
    const leftMs = (live.quietUntilMs ?? 0) - deps.nowMs()
    if (leftMs <= 0) run()
    else live.timer = deps.setTimer(leftMs, look)
  }
  deps.clearTimer(live.timer)
  live.timer = deps.setTimer(ms, look)
}

/** Takes a job from the runner that has it. */
export function dropCurrent(desk: Desk, live: LiveJob): void {
  const link = live.current && desk.links.get(live.current.linkId)
  live.current = undefined
  if (!link) return
  link.leased.delete(live)
  refreshLink(desk, link)
}
