import { nano } from '../../../protocol/src/money.ts'
import { nextState } from '../jobs/job.ts'
import { planSettlement, type Settlement } from '../jobs/settle-job.ts'
import { promptBytes } from '../pricing/quote.ts'
import { type Desk, dropCurrent, refreshLink, setJobTimer } from './desk.ts'
import { findFault } from './find-fault.ts'
import { type Attempt, type EndOfAnswer, emit, keyOf, type LiveJob } from './live-job.ts'

/** Tries of a settlement before it is left to the expiry of holds. */
const SETTLE_TRIES = 6

/** English text has about four bytes a token: a low estimate of a prompt that no receipt counts. */
const BYTES_PER_TOKEN = 4

/**
 * Ends an answer, once: the money moves, then the readers see the end. Settling belongs to the job, not to a caller:
 * it happens also when nobody listens any more.
 */
export async function endAnswer(desk: Desk, live: LiveJob, end: EndOfAnswer): Promise<void> {
  if (live.ending) return
  live.ending = end
  desk.deps.clearTimer(live.timer)
  desk.deps.clearTimer(live.linger)
  const place = desk.waiting.indexOf(live)
  if (place >= 0) desk.waiting.splice(place, 1)
  dropCurrent(desk, live)
  desk.onSlotFree()
  const opened = await live.opened.catch(() => undefined)
  if (opened?.ok) {
    const settlement = planOf(desk, live)
    const settled = await settle(desk, live, end, settlement)
    showEnd(desk, live, end, settled ? settlement : { ...settlement, charge: nano(0n) })
  }
  live.onLife()
  for (const sink of live.sinks) sink.close()
  live.sinks.clear()
  desk.jobs.delete(live.job.jobId)
  if (opened?.ok) keepRecent(desk, live)
  else forgetKey(desk, live)
}

/** The caller pressed Stop, or is gone: the runner is told at once, and what was delivered until now is what counts. */
export function stopAnswer(desk: Desk, live: LiveJob): void {
  if (live.stopping || live.ending) return
  live.stopping = true
  desk.deps.clearTimer(live.linger)
  const { current, job } = live
  if (!current) return void endAnswer(desk, live, { state: 'stopped', finish: 'cancelled' })
  desk.deps.sendFrame(current.linkId, { type: 'job.cancel', jobId: job.jobId, attempt: current.number })
  setJobTimer(desk, live, desk.deps.bounds.stopWaitMs, () => {
    void endAnswer(desk, live, { state: 'stopped', finish: 'cancelled' })
  })
}

/** The answer is longer than it may be: it ends here, for the reader and for its runner. */
export function cutAnswer(desk: Desk, live: LiveJob): void {
  const { current, job } = live
  if (current) {
    desk.deps.sendFrame(current.linkId, { type: 'job.cancel', jobId: job.jobId, attempt: current.number })
  }
  void endAnswer(desk, live, { state: 'done', finish: 'length' })
}

/** Checks what a runner signed against what came over its link. A receipt that does not hold is not paid. */
export async function checkReceipt(desk: Desk, live: LiveJob, attempt: Attempt): Promise<void> {
  const fault = await findFault(live, attempt)
  if (!fault) return
  attempt.faulty = true
  strike(desk, attempt)
  desk.deps.log('receipt-refused', { job: live.job.jobId, runner: attempt.runnerId, fault })
}

function planOf(desk: Desk, live: LiveJob): Settlement {
  return planSettlement({
    jobId: live.job.jobId,
    kind: live.job.kind,
    accountId: live.job.caller.accountId,
    hold: live.quote.hold,
    promptTokensMax: live.quote.promptTokensMax,
    completionTokensMax: live.quote.completionTokensMax,
    // Nothing of a sealed prompt is known without a receipt, and nothing is charged.
    promptTokensEstimate:
      live.job.kind === 'sealed' ? 0 : Math.floor(promptBytes(live.job) / BYTES_PER_TOKEN),
    commissionBps: desk.deps.commissionBps,
    parts: live.attempts.map(({ number, ledgerId, price, deliveredTokens, usage, faulty }) => ({
      attempt: number,
      ledgerId,
      price,
      deliveredTokens,
      reported: usage,
      faulty,
    })),
  })
}

/** Moves the money. False when the database did not take it: then nothing is charged, and the hold expires. */
async function settle(desk: Desk, live: LiveJob, end: EndOfAnswer, settlement: Settlement): Promise<boolean> {
  const { deps } = desk
  const { jobId } = live.job
  const event = end.state === 'done' ? 'finished' : end.state
  const state = nextState(
    live.state,
    event === 'failed' ? { type: event, reason: 'runner-lost' } : { type: event },
  )
  if (state !== 'done' && state !== 'stopped' && state !== 'failed') {
    throw new Error(`job ${jobId}: no move from ${live.state} by ${event}`)
  }
  live.state = state
  const nowMs = deps.nowMs()
  for (let tries = 0; tries < SETTLE_TRIES; tries++) {
    try {
      const { ok } = await deps.endJob({
        jobId,
        state,
        ...(end.state === 'failed' ? { reason: end.reason } : {}),
        charge: settlement.charge,
        promptTokens: settlement.promptTokens,
        completionTokens: settlement.completionTokens,
        transfers: settlement.transfers,
        why: JSON.stringify(live.why),
        receipts: JSON.stringify(
          live.attempts.flatMap(({ receipt, faulty }) => (receipt && !faulty ? [receipt] : [])),
        ),
        ...(live.firstDeltaAtMs === undefined ? {} : { firstDeltaAt: live.firstDeltaAtMs }),
        nowMs,
      })
      deps.log(ok ? 'job-settled' : 'job-settled-before', {
        job: jobId,
        state,
        charge: String(settlement.charge),
      })
      tellRunners(desk, live, ok ? settlement : undefined)
      return ok
    } catch (error) {
      deps.log('job-settle-failed', {
        job: jobId,
        tries,
        message: error instanceof Error ? error.message : '',
      })
      await new Promise<void>((resolve) => deps.setTimer(50 * 2 ** tries, resolve))
    }
  }
  return false
}

function showEnd(desk: Desk, live: LiveJob, end: EndOfAnswer, settlement: Settlement): void {
  const seconds = (desk.deps.nowMs() - live.createdAtMs) / 1000
  if (end.state === 'done') desk.jobSeconds += (seconds - desk.jobSeconds) / 16
  const receipts = live.attempts.flatMap(({ receipt, faulty }) => (receipt && !faulty ? [receipt] : []))
  emit(live, {
    type: 'end',
    finish: end.state === 'failed' ? 'failed' : end.finish,
    ...(end.state === 'failed' ? { reason: end.reason } : {}),
    usage: {
      promptTokens: settlement.promptTokens,
      completionTokens: settlement.completionTokens,
      costNano: String(settlement.charge),
    },
    receipts,
  })
}

function tellRunners(desk: Desk, live: LiveJob, settlement: Settlement | undefined): void {
  for (const attempt of live.attempts) {
    const earned = settlement?.earned.get(attempt.number) ?? 0n
    const reason = earned > 0n ? undefined : whyUnpaid(attempt)
    if (settlement?.overReported.includes(attempt.number)) {
      strike(desk, attempt)
      desk.deps.log('tokens-overreported', { job: live.job.jobId, runner: attempt.runnerId })
    }
    desk.deps.sendFrame(attempt.linkId, {
      type: 'job.paid',
      jobId: live.job.jobId,
      attempt: attempt.number,
      earnedNano: Number(earned),
      ...(reason ? { reason } : {}),
    })
  }
}

function whyUnpaid({ faulty, price }: Attempt): string {
  if (faulty) return 'bad-receipt'
  return price.input + price.output === 0n ? 'free' : 'nothing-delivered'
}

function strike(desk: Desk, { linkId }: Attempt): void {
  const link = desk.links.get(linkId)
  if (!link) return
  link.strikes += 1
  refreshLink(desk, link)
}

function keepRecent(desk: Desk, live: LiveJob): void {
  const { recent, deps } = desk
  const nowMs = deps.nowMs()
  recent.set(live.job.jobId, { live, endedAtMs: nowMs })
  const { recentMax, recentMs, recentBytesMax } = deps.bounds
  let bytes = 0
  for (const one of recent.values()) bytes += one.live.relayedBytes
  for (const [jobId, old] of recent) {
    const isYoung = nowMs - old.endedAtMs <= recentMs
    if (recent.size <= recentMax && isYoung && bytes <= recentBytesMax) break
    bytes -= old.live.relayedBytes
    recent.delete(jobId)
    forgetKey(desk, old.live)
  }
}

function forgetKey({ keys }: Desk, live: LiveJob): void {
  const key = keyOf(live.job)
  if (key !== undefined && keys.get(key) === live) keys.delete(key)
}
