import type { JobReason } from '../../../protocol/src/answer.ts'
import type { Job, SealedJob } from '../jobs/chat-job.ts'
import { fitsCap } from '../pricing/price.ts'
import { competes } from './audience.ts'
import { type Desk, estimateWaitSeconds, linksFor } from './desk.ts'
import { linksOfJob, priceFor } from './lease-job.ts'
import { whyNoCandidate } from './why-no-candidate.ts'

/** A job that was not begun. Nothing is charged. */
export type Refusal = {
  readonly ok: false
  readonly reason: JobReason
  readonly param?: string
  readonly retryAfterSeconds?: number
}

/** When to come again where nobody serves what is asked for. */
const RETRY_SECONDS = 30

/** Says which wish nobody fulfils. */
export function refuseNobody(desk: Desk, job: Job): Refusal {
  if (job.kind === 'sealed') return refuseSealed(desk, job)
  if (job.tier === 'confidential') return { ok: false, reason: 'tier-unavailable', param: 'tier' }
  const links = linksFor(desk, job)
  if (links.length === 0) return nobodyFor(job)
  if (job.kind === 'chat') {
    const missing = job.needs.find(
      ({ feature }) => !links.some(({ facts }) => facts.features.includes(feature)),
    )
    if (missing) return { ok: false, reason: 'unsupported', param: missing.param }
  }
  if (!links.some((link) => fitsCap(priceFor(job, link), job.maxPrice))) {
    return { ok: false, reason: 'price-too-low', param: 'max_price' }
  }
  return nobodyFor(job)
}

/** Refuses a job that would have to wait behind too many others; undefined when there is room. */
export function refuseFullQueue(desk: Desk, job: Job): Refusal | undefined {
  const { queueMax, ownQueueMax } = desk.deps.bounds
  const rivals = desk.waiting.filter((one) => competes(one.job, job)).length
  const ofTier = desk.waiting.filter((one) => one.job.tier === job.tier).length
  if (ofTier < queueMax && (job.tier !== 'own' || rivals < ownQueueMax)) return undefined
  return {
    ok: false,
    reason: 'queue-full',
    retryAfterSeconds: estimateWaitSeconds(desk, linksOfJob(desk, job), rivals),
  }
}

function refuseSealed(desk: Desk, job: SealedJob): Refusal {
  const reason = whyNoCandidate(desk, job)
  if (reason === 'price-too-low') return { ok: false, reason, param: 'max_price' }
  return reason === 'key-epoch' ? { ok: false, reason } : nobodyFor(job)
}

function nobodyFor({ tier }: Job): Refusal {
  return tier === 'own'
    ? { ok: false, reason: 'no-own-runner', param: 'tier', retryAfterSeconds: RETRY_SECONDS }
    : { ok: false, reason: 'no-runner', retryAfterSeconds: RETRY_SECONDS }
}
