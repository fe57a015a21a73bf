import type { JobDelta, JobDone, JobFail, JobVectors, UpFrame } from '../../../protocol/src/runner/up.ts'
import { type Desk, dropCurrent, extendJobTimer, type Link, refreshLink } from './desk.ts'
import { checkReceipt, cutAnswer, endAnswer } from './end-answer.ts'
import { failAttempt, handOver, pump } from './lease-job.ts'
import { receiveKeys } from './link-keys.ts'
import { type Attempt, applyDelta, type LiveJob } from './live-job.ts'
import { receiveChunk, receiveSealedDone, receiveUnsealable } from './receive-sealed.ts'

/** Tokens that an answer may be over its limit before its runner is cut off: one frame's worth. */
const OVERRUN_TOKENS = 256

/** Takes a frame from a runner whose hello stands. */
export function receiveFrame(desk: Desk, linkId: string, frame: UpFrame): void {
  const link = desk.links.get(linkId)
  if (!link) return
  switch (frame.type) {
    case 'hello':
      return
    case 'slots':
      link.facts = { ...link.facts, tokensPerSecond: frame.tokensPerSecond }
      link.closed = frame.freeSlots === 0 && link.leased.size === 0
      refreshLink(desk, link)
      return pump(desk)
    case 'bye':
      link.leaving = true
      return refreshLink(desk, link)
    case 'seal.keys':
      return receiveKeys(desk, link, frame)
    default:
      return receiveJobFrame(desk, link, frame)
  }
}

function receiveJobFrame(
  desk: Desk,
  link: Link,
  frame: Exclude<UpFrame, { type: 'hello' | 'slots' | 'bye' | 'seal.keys' }>,
): void {
  const live = desk.jobs.get(frame.jobId)
  const attempt = live?.current
  if (!live || !attempt || attempt.linkId !== link.facts.linkId || attempt.number !== frame.attempt) {
    return refuseStray(desk, link, frame.jobId, frame.attempt)
  }
  switch (frame.type) {
    case 'job.delta':
      return receiveDelta(desk, live, attempt, frame)
    case 'job.vectors':
      return receiveVectors(desk, live, attempt, frame)
    case 'job.done':
      return void receiveDone(desk, live, attempt, frame)
    case 'job.fail':
      return receiveFail(desk, live, frame)
    case 'job.chunk':
      return receiveChunk(desk, live, attempt, frame)
    case 'job.unsealable':
      return receiveUnsealable(desk, live, attempt, frame)
    case 'job.sealed-done':
      return void receiveSealedDone(desk, live, attempt, frame)
    case 'job.refuse':
      link.closed = true
      dropCurrent(desk, live)
      refreshLink(desk, link)
      live.attempts.pop()
      // Who refused did not work on it: the places in `why` are the numbers of attempts.
      live.why.pop()
      return handOver(desk, live, 'no-runner')
    default:
      return frame satisfies never
  }
}

/** A frame of a job that is not, or no longer, this runner's. Late ones are common; the runner is told to stop. */
function refuseStray(desk: Desk, link: Link, jobId: string, attempt: number): void {
  const { linkId, runnerId } = link.facts
  const wasTheirs = desk.recent.get(jobId)?.live.attempts.some((one) => one.runnerId === runnerId)
  const isTheirs = desk.jobs.get(jobId)?.attempts.some((one) => one.runnerId === runnerId)
  if (!wasTheirs && !isTheirs) {
    link.strikes += 1
    refreshLink(desk, link)
    desk.deps.log('frame-stray', { job: jobId, runner: runnerId })
  }
  desk.deps.sendFrame(linkId, { type: 'job.cancel', jobId, attempt })
}

function receiveDelta(desk: Desk, live: LiveJob, attempt: Attempt, delta: JobDelta): void {
  if (live.job.kind !== 'chat') return failAttempt(desk, live, 'engine-failed')
  if (delta.seq < attempt.nextSeq) return
  if (delta.seq > attempt.nextSeq) return failAttempt(desk, live, 'engine-failed')
  applyDelta(live, attempt, delta, desk.deps.nowMs())
  if (live.stopping) return
  const tooLong = live.tokens > live.quote.completionTokensMax + OVERRUN_TOKENS
  if (tooLong || desk.deps.nowMs() - live.createdAtMs > desk.deps.bounds.answerMaxMs)
    return cutAnswer(desk, live)
  extendJobTimer(desk, live, () => failAttempt(desk, live, 'timed-out'))
}

function receiveVectors(desk: Desk, live: LiveJob, attempt: Attempt, { seq, vectors }: JobVectors): void {
  const { job } = live
  const room = job.kind === 'embedding' ? job.texts.length - live.vectors.length : 0
  if (vectors.length > room || !vectors.every(isEmbedding)) {
    return failAttempt(desk, live, 'engine-failed')
  }
  if (seq < attempt.nextSeq) return
  if (seq > attempt.nextSeq) return failAttempt(desk, live, 'engine-failed')
  attempt.nextSeq += 1
  attempt.pieces.push(...vectors)
  live.vectors.push(...vectors)
  live.firstDeltaAtMs ??= desk.deps.nowMs()
  extendJobTimer(desk, live, () => failAttempt(desk, live, 'timed-out'))
}

async function receiveDone(desk: Desk, live: LiveJob, attempt: Attempt, done: JobDone): Promise<void> {
  if (attempt.receipt || live.ending) return
  // A sealed job's receipt names ciphertext: one of an open job says nothing of it.
  if (live.job.kind === 'sealed') return failAttempt(desk, live, 'engine-failed')
  const unasked = done.finish === 'cancelled' && !live.stopping
  const incomplete =
    live.job.kind === 'embedding' && !live.stopping && live.vectors.length < live.job.texts.length
  if (unasked || incomplete) return failAttempt(desk, live, 'engine-failed')
  attempt.usage = done.usage
  attempt.receipt = done.receipt
  if (
    done.receipt.completionTokens !== done.usage.completionTokens ||
    done.receipt.promptTokens !== done.usage.promptTokens
  ) {
    attempt.faulty = true
  }
  desk.deps.clearTimer(live.timer)
  await checkReceipt(desk, live, attempt)
  const link = desk.links.get(attempt.linkId)
  if (link && !attempt.faulty) link.strikes = Math.max(0, link.strikes - 1)
  await endAnswer(
    desk,
    live,
    live.stopping ? { state: 'stopped', finish: 'cancelled' } : { state: 'done', finish: done.finish },
  )
}

function receiveFail(desk: Desk, live: LiveJob, { reason, param }: JobFail): void {
  switch (reason) {
    case 'context-length-exceeded':
      return void endAnswer(desk, live, { state: 'failed', reason })
    case 'unsupported':
      return void endAnswer(desk, live, {
        state: 'failed',
        reason,
        ...(param === undefined ? {} : { param }),
      })
    case 'engine-failed':
    case 'upstream-failed':
      return failAttempt(desk, live, 'engine-failed')
    default:
      return reason satisfies never
  }
}

/** True for base64 of at least one little-endian float32, all of them finite. */
function isEmbedding(text: string): boolean {
  let bytes: Uint8Array<ArrayBuffer>
  try {
    bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  } catch {
    return false // no base64
  }
  if (bytes.length === 0 || bytes.length % 4 !== 0) return false
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < bytes.length; at += 4) if (!Number.isFinite(view.getFloat32(at, true))) return false
  return true
}
