import type { AnswerFrame, JobReason } from '../../../protocol/src/answer.ts'
import type { JobOffer } from '../../../protocol/src/runner/down.ts'
import type { Job } from '../jobs/chat-job.ts'
import { nextState } from '../jobs/job.ts'
import { FREE, type Price } from '../pricing/price.ts'
import { mayServe, shelvesFor } from './audience.ts'
import { chooseCandidate, fittingCandidates } from './choose-candidate.ts'
import {
  type Desk,
  dropCurrent,
  estimateWaitSeconds,
  type Link,
  linksFor,
  placeOf,
  refreshLink,
  setJobTimer,
} from './desk.ts'
import { endAnswer } from './end-answer.ts'
import { type Attempt, emit, type LiveJob, type SealedPlace } from './live-job.ts'
import { type Candidate, fits, type Wish } from './runner-book.ts'
import { canHandOver, sealedWaitMs } from './sealed-answer.ts'

/** Who was chosen, and why, in words that the job's record keeps. */
export type Choice = {
  readonly candidate: Pick<Candidate, 'linkId'>
  readonly why: object
  readonly sealed?: SealedPlace
}

/** What a job asks of a runner. */
export function wishOf(desk: Desk, live: Pick<LiveJob, 'job'> & Partial<LiveJob>): Wish {
  const { job, pinned, failedRunners } = live
  const preferred = job.conversation === undefined ? undefined : desk.conversations.get(job.conversation)
  return {
    features: job.kind === 'chat' ? job.needs.map(({ feature }) => feature) : [],
    ...capOf(job, pinned),
    ...(failedRunners ? { exclude: failedRunners } : {}),
    ...(preferred === undefined ? {} : { preferred }),
  }
}

/** The most a runner may ask. Nothing bounds what asks for nothing. */
function capOf({ tier, maxPrice }: Job, pinned: Price | undefined): Pick<Wish, 'maxPrice'> {
  const cap = tier === 'own' ? undefined : (pinned ?? maxPrice)
  return cap === undefined ? {} : { maxPrice: cap }
}

/** What a link is paid for a job. */
export function priceFor({ tier }: Job, { price }: Pick<Link, 'price'>): Price {
  return tier === 'own' ? FREE : price
}

/** Chooses a free link that the job's tier allows; of a sealed job one that the request names. */
export function chooseLink(desk: Desk, job: Job, wish: Wish): Choice | undefined {
  if (job.kind === 'sealed') return chooseCandidate(desk, job, wish)
  return desk.book.choose(shelvesFor(job), wish)
}

/** Links that may serve a wish, free or busy. */
export function fittingLinks(desk: Desk, job: Job, wish: Wish): readonly Link[] {
  if (job.kind === 'sealed') return fittingCandidates(desk, job, wish).map(({ link }) => link)
  return [...desk.links.values()].filter(
    ({ facts, price, strikes, leaving }) =>
      !leaving && mayServe(facts, job) && fits({ ...facts, price, strikes }, wish),
  )
}

/** Links that a job waits for, whatever else it asks. */
export function linksOfJob(desk: Desk, job: Job): readonly Link[] {
  return job.kind === 'sealed' ? fittingLinks(desk, job, { features: [] }) : linksFor(desk, job)
}

/** Gives a job to the chosen runner. */
export function leaseJob(desk: Desk, live: LiveJob, choice: Choice): void {
  const link = desk.links.get(choice.candidate.linkId)
  if (!link) return
  const number = live.attempts.length
  // Vectors reach the caller all together: another runner makes them all again.
  live.vectors.length = 0
  const { linkId, runnerId, ledgerId, publicKey, manifestDigest } = link.facts
  const price = priceFor(live.job, link)
  const attempt: Attempt = {
    number,
    linkId,
    runnerId,
    ledgerId,
    publicKey,
    manifestDigest,
    price,
    offer: offerOf(live, number, price),
    sealed: choice.sealed,
    pieces: [],
    nextSeq: 0,
    deliveredTokens: 0,
    usage: undefined,
    receipt: undefined,
    faulty: false,
  }
  live.attempts.push(attempt)
  live.current = attempt
  live.why.push({ runner: runnerId, ...choice.why, ...directoryOf(live) })
  if (live.state === 'queued') {
    live.state = nextState(live.state, { type: 'leased' }) ?? live.state
  }
  link.leased.add(live)
  refreshLink(desk, link)
  rememberConversation(desk, live, linkId)
  setJobTimer(desk, live, desk.deps.bounds.firstDeltaMs, () => failAttempt(desk, live, 'timed-out'))
  if (!desk.deps.sendFrame(linkId, attempt.offer)) failAttempt(desk, live, 'runner-lost')
}

/** Which directory a sealed request's runners were chosen from: said once, its client knows it. */
function directoryOf({ job, why }: LiveJob): { readonly dir_digest?: string } {
  return job.kind === 'sealed' && why.length === 0 ? { dir_digest: job.header.dir_digest } : {}
}

/** Gives waiting jobs to whoever is free, the oldest that fits first. */
export function pump(desk: Desk): void {
  let index = 0
  while (index < desk.waiting.length && desk.book.size() > 0) {
    const live = desk.waiting[index]
    const choice = live && chooseLink(desk, live.job, wishOf(desk, live))
    if (!live || !choice) {
      index += 1
      continue
    }
    desk.waiting.splice(index, 1)
    const wasQueued = live.state === 'queued'
    dropCurrent(desk, live)
    leaseJob(desk, live, choice)
    if (wasQueued) void markRunning(desk, live)
  }
}

/** Puts a job in the queue, at its end or in front, and bounds its wait. */
export function queueJob(
  desk: Desk,
  live: LiveJob,
  place: 'first' | 'last',
  waitMs: number,
  reason: JobReason,
): void {
  if (place === 'first') desk.waiting.unshift(live)
  else desk.waiting.splice(endOfQueue(desk, live), 0, live)
  if (live.state === 'queued') emit(live, queuedFrame(desk, live))
  const boundMs = live.job.kind === 'sealed' ? Math.min(waitMs, sealedWaitMs(desk, live.job)) : waitMs
  setJobTimer(desk, live, boundMs, () => void endAnswer(desk, live, { state: 'failed', reason }))
}

/** Says where a waiting job stands. */
export function queuedFrame(desk: Desk, live: LiveJob): Extract<AnswerFrame, { type: 'queued' }> {
  const place = placeOf(desk, live) ?? 1
  return { type: 'queued', place, waitSeconds: estimateWaitSeconds(desk, linksOfJob(desk, live.job), place) }
}

/** A machine serves its owner first: behind a job of tier `own` come those that wait for anybody's. */
function endOfQueue({ waiting }: Desk, { job }: LiveJob): number {
  const at =
    job.tier === 'own' ? waiting.findIndex((one) => one.job.tier === 'open' && one.state === 'queued') : -1
  return at < 0 ? waiting.length : at
}

/**
 * A runner could not go on: its part ends here, and another goes on from what was delivered. With nobody free the job
 * waits in front; with nobody left it fails, and what was delivered stays.
 */
export function failAttempt(desk: Desk, live: LiveJob, reason: JobReason): void {
  const attempt = live.current
  if (!attempt || live.ending) return
  live.failedRunners.add(attempt.runnerId)
  const link = desk.links.get(attempt.linkId)
  if (link) link.strikes += 1
  desk.deps.log('attempt-failed', {
    job: live.job.jobId,
    runner: attempt.runnerId,
    attempt: attempt.number,
    reason,
  })
  desk.deps.sendFrame(attempt.linkId, { type: 'job.cancel', jobId: live.job.jobId, attempt: attempt.number })
  dropCurrent(desk, live)
  handOver(desk, live, reason)
}

/** Finds the next runner for a job that has none. */
export function handOver(desk: Desk, live: LiveJob, reason: JobReason): void {
  if (live.stopping) return void endAnswer(desk, live, { state: 'stopped', finish: 'cancelled' })
  if (isAnswerComplete(live)) return void endAnswer(desk, live, { state: 'done', finish: 'length' })
  if (!canHandOver(live) || live.attempts.length >= desk.deps.bounds.attemptsMax) {
    return void endAnswer(desk, live, { state: 'failed', reason })
  }
  const wish = wishOf(desk, live)
  emit(live, { type: 'pause' })
  const choice = chooseLink(desk, live.job, wish)
  if (choice) return leaseJob(desk, live, choice)
  if (fittingLinks(desk, live.job, wish).length === 0)
    return void endAnswer(desk, live, { state: 'failed', reason })
  queueJob(desk, live, 'first', desk.deps.bounds.queueWaitMs, reason)
}

function isAnswerComplete(live: LiveJob): boolean {
  return live.job.kind === 'chat' && live.tokens >= live.quote.completionTokensMax
}

async function markRunning(desk: Desk, live: LiveJob): Promise<void> {
  try {
    if ((await live.opened).ok) await desk.deps.markJobRunning(live.job.jobId)
  } catch {
    // The record then says "queued" until the job ends; money does not depend on it.
    desk.deps.log('job-mark-failed', { job: live.job.jobId })
  }
}

function rememberConversation({ conversations, deps }: Desk, { job }: LiveJob, linkId: string): void {
  if (job.conversation === undefined) return
  conversations.delete(job.conversation)
  conversations.set(job.conversation, linkId)
  if (conversations.size > deps.bounds.conversationsMax) {
    const [oldest] = conversations.keys()
    if (oldest !== undefined) conversations.delete(oldest)
  }
}

function offerOf(live: LiveJob, attempt: number, price: Price): JobOffer {
  const base = {
    type: 'job.offer',
    jobId: live.job.jobId,
    attempt,
    price: { input: Number(price.input), output: Number(price.output) },
  } as const
  const { job } = live
  if (job.kind === 'sealed') return { ...base, kind: 'sealed', envelope: job.envelope }
  if (job.kind === 'embedding') {
    const { texts, dimensions } = job
    return {
      ...base,
      kind: 'embedding',
      texts: [...texts],
      ...(dimensions === undefined ? {} : { dimensions }),
    }
  }
  return {
    ...base,
    kind: 'chat',
    messages: [...job.messages],
    params: { ...job.params, maxTokens: live.quote.completionTokensMax },
    ...(live.text === ''
      ? {}
      : { delivered: { text: live.text, tokens: live.tokens, tokenIds: [...(live.tokenIds ?? [])] } }),
  }
}
