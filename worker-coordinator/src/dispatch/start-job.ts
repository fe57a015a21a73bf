import type { JobReason } from '../../../protocol/src/answer.ts'
import type { JobId } from '../../../protocol/src/ids.ts'
import type { Job } from '../jobs/chat-job.ts'
import type { OpenJobResult } from '../jobs/job-store.ts'
import { fitsCap, higherPrice, type Price } from '../pricing/price.ts'
import { quoteJob } from '../pricing/quote.ts'
import { type Desk, dropCurrent, estimateWaitSeconds, type Link } from './desk.ts'
import { endAnswer, stopAnswer } from './end-answer.ts'
import { fittingLinks, leaseJob, pump, queueJob, wishOf } from './lease-job.ts'
import { createLiveJob, emit, type LiveJob, type Sink } from './live-job.ts'
import type { Choice } from './runner-book.ts'

export type Refusal = {
  readonly ok: false
  readonly reason: JobReason
  readonly param?: string
  readonly retryAfterSeconds?: number
}
export type StartResult = { readonly ok: true; readonly jobId: JobId } | Refusal

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
  const { deps } = desk
  const wish = wishOf(desk, { job })
  const choice = desk.book.choose(wish)
  const fitting = choice ? linkOf(desk, choice) : fittingLinks(desk, wish)
  if (fitting.length === 0) return refuseNobody(desk, job)
  if (!choice && desk.waiting.length >= deps.bounds.queueMax) {
    return {
      ok: false,
      reason: 'queue-full',
      retryAfterSeconds: estimateWaitSeconds(desk, desk.waiting.length),
    }
  }

  const pinned = highestPrice(fitting)
  const contextTokens = Math.max(...fitting.map(({ facts }) => facts.contextTokens))
  const quote = quoteJob(job, pinned, contextTokens)
  const nowMs = deps.nowMs()
  const live = createLiveJob({ job, quote, pinned, createdAtMs: nowMs })
  const life = new Promise<void>((resolve) => {
    live.onLife = resolve
  })
  desk.jobs.set(job.jobId, live)
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
      nowMs,
    })
    .then(hold.resolve, hold.reject)

  const opened = await live.opened.catch((error: unknown) => {
    withdraw(desk, live)
    throw error
  })
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

/** Shows a running or just ended job to one more reader, from its beginning. */
export function attachSink(desk: Desk, jobId: string, sink: Sink): StartResult {
  const live = desk.jobs.get(jobId) ?? desk.recent.get(jobId)?.live
  if (!live) return { ok: false, reason: 'idempotency-ended' }
  showTo(desk, live, sink)
  return { ok: true, jobId: live.job.jobId }
}

/** A reader is gone. When it was the last, the job stops. */
export function detachSink(desk: Desk, jobId: string, sink: Sink): void {
  const live = desk.jobs.get(jobId)
  if (!live?.sinks.delete(sink)) return
  if (live.sinks.size === 0) stopAnswer(desk, live)
}

function showTo(desk: Desk, live: LiveJob, sink: Sink): void {
  for (const frame of live.history) sink.write(frame)
  if (!desk.jobs.has(live.job.jobId)) return sink.close()
  live.sinks.add(sink)
  const place = desk.waiting.indexOf(live) + 1
  if (place > 0) sink.write({ type: 'queued', place, waitSeconds: estimateWaitSeconds(desk, place) })
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

/** Says which wish nobody fulfils. */
function refuseNobody(desk: Desk, job: Job): Refusal {
  const links = [...desk.links.values()]
  if (links.length === 0) return { ok: false, reason: 'no-runner', retryAfterSeconds: 30 }
  if (job.kind === 'chat') {
    const missing = job.needs.find(
      ({ feature }) => !links.some(({ facts }) => facts.features.includes(feature)),
    )
    if (missing) return { ok: false, reason: 'unsupported', param: missing.param }
  }
  if (!links.some(({ price }) => fitsCap(price, job.maxPrice))) {
    return { ok: false, reason: 'price-too-low', param: 'max_price' }
  }
  return { ok: false, reason: 'no-runner', retryAfterSeconds: 30 }
}

/** The chosen link alone. Looking through all of them is left to jobs that nobody is free for. */
function linkOf({ links }: Desk, { candidate }: Choice): readonly Link[] {
  const link = links.get(candidate.linkId)
  return link ? [link] : []
}

function highestPrice(links: readonly Link[]): Price {
  return links.map(({ price }) => price).reduce(higherPrice)
}

/** Waits for a promise, but not longer. No timer is left behind: one would keep the object awake. */
async function waitAtMost({ deps }: Desk, ms: number, awaited: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>()
  const timer = deps.setTimer(ms, late.resolve)
  await Promise.race([awaited, late.promise])
  deps.clearTimer(timer)
}
