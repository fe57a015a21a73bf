import type { UnpaidReason } from '../../../protocol/src/billing/earnings.ts'

/** A runner's part of a job, as the job's record tells it. */
export type WorkedJob = {
  readonly state: 'queued' | 'running' | 'done' | 'stopped' | 'failed'
  /** Tokens that were charged, over all runners of the job. */
  readonly completionTokens: number
  readonly isFree: boolean
  /** What this runner's receipt says; undefined where none of it holds. */
  readonly reportedTokens: number | undefined
  readonly earned: bigint
}

/** Why a part was not paid, or for fewer tokens than its receipt says. Undefined when it was paid in full. */
export function explainPay(job: WorkedJob): UnpaidReason | undefined {
  if (job.earned > 0n) {
    return job.reportedTokens !== undefined && job.reportedTokens > job.completionTokens
      ? 'over-reported'
      : undefined
  }
  if (job.isFree) return 'free'
  if (job.state === 'stopped' && job.completionTokens === 0) return 'stopped-before-output'
  if (job.state === 'failed' && job.completionTokens === 0) return 'job-failed'
  return job.reportedTokens === undefined ? 'no-valid-receipt' : 'nothing-delivered'
}
