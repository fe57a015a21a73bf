import type { JobOffer } from '../../../protocol/src/runner/down.ts'
import { DELTAS_MAX, type Hello, type UpFrame } from '../../../protocol/src/runner/up.ts'
import type { OpenSealed } from '../attest/open-sealed.ts'
import type { Clock } from '../clock.ts'
import type { Engine } from '../engine/engine.ts'
import type { RunnerEvent } from '../events.ts'
import type { Identity } from '../identity/identity.ts'
import { admit, type JobPhase, type JobRef, nextPhase, refKey } from './job.ts'
import { createOpenWork } from './open-work.ts'
import { createSealedWork } from './sealed-work.ts'
import { createSpeedometer } from './speedometer.ts'
import type { Put, Work, WorkEnd } from './work.ts'

export type JobDeskDeps = {
  readonly clock: Clock
  readonly engine: Engine
  readonly identity: Identity
  readonly openSealed: OpenSealed
  /** Measured before the first job; 0 where it was not. */
  readonly tokensPerSecond: number
  /** Sends a frame if the link is up. What cannot be sent is kept with its job and sent after `resume`. */
  readonly send: (frame: UpFrame) => void
  readonly report: (event: RunnerEvent) => void
}

/** All jobs of one model on this runner. */
export type JobDesk = {
  readonly offer: (offer: JobOffer) => void
  readonly cancel: (ref: JobRef) => void
  /** The ledger paid (or refused to pay) the job: nothing of it is needed any more. */
  readonly paid: (ref: JobRef) => void
  /** The link is back: sends what the coordinator lacks and stops what is no longer ours. */
  readonly resume: (welcome: {
    readonly resume: readonly (JobRef & { readonly fromSeq: number })[]
    readonly drop: readonly JobRef[]
  }) => void
  /** The lease ran out without a link: stops everything. */
  readonly abandon: () => void
  /** Takes nothing new from now on. */
  readonly leave: () => void
  readonly facts: () => Pick<Hello, 'jobs' | 'freeSlots' | 'tokensPerSecond'>
  readonly running: () => number
  /** Jobs that ended and whose payment has not been heard of. */
  readonly unpaid: () => number
}

type Entry = {
  readonly offer: JobOffer
  readonly work: Work
  readonly controller: AbortController
  readonly startedAtMs: number
  /** Deltas, vectors or chunks, at the index of their `seq`; kept until the job is paid, so that a lost link loses nothing. */
  readonly sent: UpFrame[]
  readonly pieces: string[]
  chars: number
  /** It made more than one job may. */
  isFull: boolean
  phase: JobPhase
  last: UpFrame | undefined
}

/** Characters that one job may have on the wire; beyond, it fails. */
const JOB_CHARS_MAX = 128_000_000
/** Ended jobs that are remembered, and how long, for a coordinator that did not hear the end. */
const ENDED_KEPT = 64
const ENDED_KEPT_MS = 60_000
/** Offers that are remembered, so that a repeated one does not run twice. */
const KNOWN_MAX = 2000

export function createJobDesk(deps: JobDeskDeps): JobDesk {
  const { clock, engine, report } = deps
  const entries = new Map<string, Entry>()
  const known = new Set<string>()
  const speed = createSpeedometer(deps.tokensPerSecond)
  let leaving = false
  /** Free slots that the coordinator was told last. */
  let announced = 0
  const alive = () => Array.from(entries.values()).filter((entry) => entry.phase === 'running')
  const freeSlots = () => (leaving ? 0 : Math.max(0, engine.facts.slots - alive().length))
  const sendSlots = () => {
    announced = freeSlots()
    deps.send({ type: 'slots', freeSlots: announced, tokensPerSecond: speed.tokensPerSecond() })
  }

  const begin = (offer: JobOffer) => {
    const entry: Entry = {
      offer,
      work: offer.kind === 'sealed' ? createSealedWork(deps, offer) : createOpenWork(deps, offer),
      controller: new AbortController(),
      startedAtMs: clock.nowMs(),
      sent: [],
      pieces: [],
      chars: 0,
      isFull: false,
      phase: nextPhase('offered', 'begin') ?? 'offered',
      last: undefined,
    }
    entries.set(refKey(offer), entry)
    remember(known, refKey(offer))
    report({ event: 'job-started', model: engine.facts.model, jobId: offer.jobId, attempt: offer.attempt })
    // The coordinator counts its own leases: no frame says what it knows.
    announced = freeSlots()
    void run(entry)
  }

  const run = async (entry: Entry) => {
    const { signal } = entry.controller
    const end = await entry.work.run(signal, putFor(entry)).catch(
      // What the engine says of its own failure may hold the prompt: only the reason word leaves this place.
      (): WorkEnd => engineFailed,
    )
    if (entry.phase !== 'running') return
    // An end that no receipt can be made of (numbers that are none, say) is a broken engine too.
    await close(entry, entry.isFull ? engineFailed : end).catch(() => close(entry, engineFailed))
  }

  const putFor =
    (entry: Entry): Put =>
    (make, pieces) => {
      entry.chars += pieces.reduce((sum, piece) => sum + piece.length, 0)
      entry.isFull ||= entry.chars > JOB_CHARS_MAX || entry.sent.length > DELTAS_MAX
      if (entry.isFull) entry.controller.abort()
      if (entry.phase !== 'running' || entry.isFull) return
      const frame = make(entry.sent.length)
      entry.sent.push(frame)
      entry.pieces.push(...pieces)
      deps.send(frame)
    }

  const close = async (entry: Entry, end: WorkEnd) => {
    const { jobId, attempt } = entry.offer
    const endedAtMs = clock.nowMs()
    const ref = { jobId, attempt }
    if (end.ok) {
      const facts = { pieces: entry.pieces, startedAtMs: entry.startedAtMs, endedAtMs }
      const last = await entry.work.conclude(end, facts, putFor(entry))
      if (entry.phase !== 'running') return
      entry.last = last
      const counted = entry.offer.kind === 'embedding' ? end.usage.promptTokens : end.usage.completionTokens
      speed.note(counted, endedAtMs - entry.startedAtMs)
    } else entry.last = failFrame(ref, end)
    const cancelled = end.ok && end.finish === 'cancelled'
    entry.phase = nextPhase(entry.phase, end.ok ? (cancelled ? 'cancel' : 'end') : 'fail') ?? entry.phase
    deps.send(entry.last)
    reportEnd(entry, end, endedAtMs)
    sendSlots()
    clock.schedule(ENDED_KEPT_MS, () => entries.delete(refKey(ref)))
    forgetOldest(entries)
  }

  const reportEnd = (entry: Entry, end: WorkEnd, endedAtMs: number) => {
    const usage = end.ok ? end.usage : { promptTokens: 0, completionTokens: 0 }
    report({
      event: 'job-ended',
      model: engine.facts.model,
      jobId: entry.offer.jobId,
      attempt: entry.offer.attempt,
      outcome: end.ok ? end.finish : end.reason === 'unsealable' ? end.why : end.reason,
      ...usage,
      durationMs: endedAtMs - entry.startedAtMs,
      tokensPerSecond: speed.tokensPerSecond(),
    })
  }

  /** Stops a job that is not ours any more, without a word to the coordinator. */
  const drop = (ref: JobRef) => {
    const entry = entries.get(refKey(ref))
    if (!entry) return
    const wasRunning = entry.phase === 'running'
    entry.phase = nextPhase(entry.phase, 'cancel') ?? entry.phase
    entry.controller.abort()
    entries.delete(refKey(ref))
    if (wasRunning) reportEnd(entry, cancelledEnd, clock.nowMs())
  }

  return {
    offer: (offer) => {
      const occupancy = { slots: engine.facts.slots, running: alive().length, leaving }
      const answer = admit({ ...occupancy, known: known.has(refKey(offer)) })
      if (answer === 'take') begin(offer)
      else if (answer !== 'known') {
        deps.send({ type: 'job.refuse', jobId: offer.jobId, attempt: offer.attempt, reason: answer })
      }
    },
    cancel: (ref) => entries.get(refKey(ref))?.controller.abort(),
    paid: (ref) => {
      const entry = entries.get(refKey(ref))
      if (entry && entry.phase !== 'running') entries.delete(refKey(ref))
    },
    resume: (welcome) => {
      for (const ref of welcome.drop) drop(ref)
      for (const ref of welcome.resume) {
        const entry = entries.get(refKey(ref))
        for (const frame of entry?.sent.slice(ref.fromSeq) ?? []) deps.send(frame)
        if (entry?.last) deps.send(entry.last)
      }
      // Slots may have changed between the hello and the welcome.
      if (freeSlots() !== announced) sendSlots()
    },
    abandon: () => {
      for (const entry of Array.from(entries.values())) drop(entry.offer)
    },
    leave: () => {
      leaving = true
      sendSlots()
    },
    facts: () => {
      announced = freeSlots()
      const jobs = Array.from(entries.values(), ({ offer, sent }) => ({
        jobId: offer.jobId,
        attempt: offer.attempt,
        seq: sent.length,
      }))
      return { jobs, freeSlots: announced, tokensPerSecond: speed.tokensPerSecond() }
    },
    running: () => alive().length,
    unpaid: () => entries.size - alive().length,
  }
}

const engineFailed: WorkEnd = { ok: false, reason: 'engine-failed' }

const cancelledEnd: WorkEnd = {
  ok: true,
  finish: 'cancelled',
  usage: { promptTokens: 0, completionTokens: 0 },
}

function failFrame(ref: JobRef, end: Extract<WorkEnd, { ok: false }>): UpFrame {
  if (end.reason === 'unsealable') return { type: 'job.unsealable', ...ref, reason: end.why }
  return { type: 'job.fail', ...ref, reason: end.reason, ...(end.param ? { param: end.param } : {}) }
}

function remember(known: Set<string>, key: string): void {
  known.add(key)
  if (known.size <= KNOWN_MAX) return
  const [oldest] = known
  if (oldest !== undefined) known.delete(oldest)
}

function forgetOldest(entries: Map<string, Entry>): void {
  const ended = Array.from(entries).filter(([, entry]) => entry.phase !== 'running')
  for (const [key] of ended.slice(0, Math.max(0, ended.length - ENDED_KEPT))) entries.delete(key)
}
