import type { Job } from '../jobs/chat-job.ts'
import type { OpenJobResult } from '../jobs/job-store.ts'
import { higherPrice } from '../pricing/price.ts'
import { quoteJob } from '../pricing/quote.ts'
import { type Desk, dropCurrent, type Link } from './desk.ts'
import { endAnswer } from './end-answer.ts'
import {
  type Choice,
  chooseLink,
  fittingLinks,
  leaseJob,
  priceFor,
  pump,
  queueJob,
  wishOf,
} from './lease-job.ts'
import { watchKeys } from './link-keys.ts'
import { createLiveJob, emit, keyOf, type LiveJob, type Sink } from './live-job.ts'
import { attachSink, joinRepeated, type StartResult, showTo } from './readers.ts'
import { refuseFullQueue, refuseNobody } from './refuse-job.ts'
import { isTooOld } from './sealed-answer.ts'

/**
 * Takes a job from an order to a stream of frames.
 *
 * Quote the worst cost → choose a runner, or a place in the queue → write the job and its hold **while** the runner
 * begins → let the first delta out only when the hold is durable. An expected failure before that is a refusal, and
 * costs nothing. `patienceMs`: how long a failure of the runner still is one.
 */
export async function startJob(
  desk: Desk,
  job: Job,
  sink: Sink,
  patienceMs: number = desk.deps.bounds.firstLifeMs,
): Promise<StartResult> {
  const repeated = await joinRepeated(desk, job, sink)
  if (repeated) return repeated
  if (job.kind === 'sealed') {
    if (isTooOld(desk, job)) return { ok: false, reason: 'idempotency-ended' }
    watchKeys(desk)
  }
  const choice = chooseLink(desk, job, wishOf(desk, { job }))
  // Of a sealed job all its few candidates are held for: the next one may be dearer than the first.
  const isPinned = choice !== undefined && job.kind !== 'sealed'
  const fitting = isPinned ? linkOf(desk, choice) : fittingLinks(desk, job, wishOf(desk, { job }))
  if (fitting.length === 0) return refuseNobody(desk, job)
  const refusal = choice ? undefined : refuseFullQueue(desk, job)
  if (refusal) return refusal

  const live = quoteFor(desk, job, fitting)
  const life = new Promise<void>((resolve) => {
    live.onLife = resolve
  })
  const opened = await openLive(desk, live, choice)
  if (!opened.ok) {
    withdraw(desk, live)
    return opened.reason === 'same-key' ? attachSink(desk, opened.jobId, sink) : opened
  }
  if (choice) await waitAtMost(desk, patienceMs, life)
  const { ending } = live
  if (ending?.state === 'failed' && live.attempts.every(({ nextSeq }) => nextSeq === 0)) {
    return {
      ok: false,
      reason: ending.reason,
      ...(ending.param === undefined ? {} : { param: ending.param }),
    }
  }
  showTo(desk, live, sink)
  return { ok: true, jobId: job.jobId }
}

/** Pins the price: no runner of this job will cost more than those that fit now. */
function quoteFor({ deps }: Desk, job: Job, fitting: readonly Link[]): LiveJob {
  const pinned = fitting.map((link) => priceFor(job, link)).reduce(higherPrice)
  const contextTokens = Math.max(...fitting.map(({ facts }) => facts.contextTokens))
  const quote = quoteJob(job, pinned, contextTokens)
  return createLiveJob({ job, quote, pinned, createdAtMs: deps.nowMs() })
}

/** Gives the job to its runner, or a place in the queue, and writes it with its hold. */
async function openLive(desk: Desk, live: LiveJob, choice: Choice | undefined): Promise<OpenJobResult> {
  const { deps } = desk
  const { job, quote, pinned, createdAtMs } = live
  desk.jobs.set(job.jobId, live)
  const key = keyOf(job)
  if (key !== undefined) desk.keys.set(key, live)
  emit(live, { type: 'job', jobId: job.jobId, model: job.model, holdNano: String(quote.hold) })
  const hold = Promise.withResolvers<OpenJobResult>()
  live.opened = hold.promise
  // The runner first: writing the hold takes the processor longer than sending the offer.
  if (choice) leaseJob(desk, live, choice)
  else queueJob(desk, live, 'last', deps.bounds.queueWaitMs, 'no-runner')
  deps
    .openJob({
      job,
      shard: deps.shard,
      state: choice ? 'running' : 'queued',
      price: pinned,
      hold: quote.hold,
      nowMs: createdAtMs,
    })
    .then(hold.resolve, hold.reject)
  return live.opened.catch((error: unknown) => {
    withdraw(desk, live)
    throw error
  })
}

/** The hold did not stand: the runner, if one began, is told to stop, and nothing is left behind. */
function withdraw(desk: Desk, live: LiveJob): void {
  const { current, job } = live
  if (current) {
    desk.deps.sendFrame(current.linkId, { type: 'job.cancel', jobId: job.jobId, attempt: current.number })
  }
  dropCurrent(desk, live)
  void endAnswer(desk, live, { state: 'stopped', finish: 'cancelled' })
  pump(desk)
}

/** The chosen link alone. Looking through all of them is left to jobs that nobody is free for. */
function linkOf({ links }: Desk, { candidate }: Choice): readonly Link[] {
  const link = links.get(candidate.linkId)
  return link ? [link] : []
}

/** Waits for a promise, but not longer. No timer is left behind: one would keep the object awake. */
async function waitAtMost({ deps }: Desk, ms: number, awaited: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = deps.setTimer(ms, late.resolve)
  await Promise.race([awaited, late.promise])
  deps.clearTimer(timer)
}
