import type { JobChunk, JobSealedDone, JobUnsealable } from '../../../protocol/src/runner/up.ts'
import { type Desk, dropCurrent, extendJobTimer } from './desk.ts'
import { checkReceipt, endAnswer, stopAnswer } from './end-answer.ts'
import { failAttempt, handOver } from './lease-job.ts'
import { type Attempt, emit, type LiveJob } from './live-job.ts'
import { dropSealedKey } from './sealed-links.ts'

/** Ciphertext that may go out for each token that is paid: chunks are padded, and carry more than words. */
const BYTES_PER_TOKEN_MAX = 1024
const ANSWER_BYTES_BASE = 64 * 1024
/** The most that one answer may have at all: it is kept, for whoever reads it again. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024

/** Relays a chunk of a sealed answer. What it says nobody here can read. */
export function receiveChunk(desk: Desk, live: LiveJob, attempt: Attempt, chunk: JobChunk): void {
  const { sealed } = attempt
  if (live.job.kind !== 'sealed' || !sealed) return failAttempt(desk, live, 'engine-failed')
  const { seq, data, nonce } = chunk
  if (seq < attempt.nextSeq || attempt.receipt) return
  const isWhole = seq === attempt.nextSeq && (seq === 0) === (nonce !== undefined)
  const bytes = Math.floor((data.length * 3) / 4)
  if (!isWhole || live.relayedBytes + bytes > mostBytes(live.job.header))
    return failAttempt(desk, live, 'engine-failed')
  attempt.nextSeq += 1
  attempt.pieces.push(data)
  attempt.deliveredTokens += bytes
  live.relayedBytes += bytes
  live.firstDeltaAtMs ??= desk.deps.nowMs()
  // Also after Stop: the last chunk is what shows its reader that nothing was cut off.
  emit(live, {
    type: 'chunk',
    attempt: attempt.number,
    candidate: sealed.candidate,
    seq,
    data,
    ...(nonce === undefined ? {} : { nonce }),
  })
  live.onLife()
  if (live.stopping) return
  if (desk.deps.nowMs() - live.createdAtMs > desk.deps.bounds.answerMaxMs) return stopAnswer(desk, live)
  // The first chunk says only that the request was opened: the prompt is yet to be read.
  if (seq > 0) extendJobTimer(desk, live, () => failAttempt(desk, live, 'timed-out'))
}

/** The runner cannot open a request: the next candidate may. */
export function receiveUnsealable(
  desk: Desk,
  live: LiveJob,
  attempt: Attempt,
  { reason }: JobUnsealable,
): void {
  const { sealed, nextSeq, linkId, runnerId } = attempt
  if (!sealed || nextSeq > 0) return failAttempt(desk, live, 'engine-failed')
  // Its link was named by that key: whatever the client did, a runner that has it does not say so.
  const isOldKey = reason === 'key-epoch' || reason === 'wrong-evidence' || reason === 'not-for-me'
  const link = desk.links.get(linkId)
  if (link && isOldKey) {
    dropSealedKey(desk, link, sealed.key)
    // It shows those that it has after a while: else it would get no sealed job until the next epoch.
    const { kind } = sealed.key
    desk.deps.sendFrame(linkId, { type: 'seal.verdict', kind, accepted: false, reason: 'key-gone' })
  }
  live.hasOldKeys ||= isOldKey || reason === 'too-old'
  live.failedRunners.add(runnerId)
  desk.deps.log('seal-not-opened', { job: live.job.jobId, runner: runnerId, reason })
  dropCurrent(desk, live)
  live.attempts.pop()
  // Who could not open it did not work on it: the places in `why` are the numbers of attempts.
  live.why.pop()
  handOver(desk, live, live.hasOldKeys ? 'key-epoch' : 'engine-failed')
}

/** A sealed answer is over. It is paid by its receipt alone: without one that holds it has failed, and costs nothing. */
export async function receiveSealedDone(
  desk: Desk,
  live: LiveJob,
  attempt: Attempt,
  { receipt }: JobSealedDone,
): Promise<void> {
  if (attempt.receipt || live.ending) return
  const isUnasked = receipt.status === 'stopped' && !live.stopping
  if (live.job.kind !== 'sealed' || isUnasked || attempt.nextSeq === 0)
    return failAttempt(desk, live, 'engine-failed')
  const { promptTokens, completionTokens } = receipt
  attempt.usage = { promptTokens, completionTokens }
  attempt.receipt = receipt
  desk.deps.clearTimer(live.timer)
  await checkReceipt(desk, live, attempt)
  const link = desk.links.get(attempt.linkId)
  if (link && !attempt.faulty) link.strikes = Math.max(0, link.strikes - 1)
  if (attempt.faulty && !live.stopping)
    return endAnswer(desk, live, { state: 'failed', reason: 'engine-failed' })
  return endAnswer(
    desk,
    live,
    live.stopping ? { state: 'stopped', finish: 'cancelled' } : { state: 'done', finish: 'stop' },
  )
}

function mostBytes({ max_out_bucket }: { readonly max_out_bucket: number }): number {
  return Math.min(ANSWER_BYTES_MAX, ANSWER_BYTES_BASE + max_out_bucket * BYTES_PER_TOKEN_MAX)
}
