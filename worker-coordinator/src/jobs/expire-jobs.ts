import type { JobReason } from '../../../protocol/src/answer.ts'
import type { Log } from '../platform/log.ts'
import { JOB_MAX_MS } from './job-store.ts'

/** How far back the expiry looks: a coordinator that was down for a day still releases every hold. */
const LOOK_BACK_MS = 24 * 60 * 60_000

export type ExpireDeps = {
  readonly listOpenJobs: (range: {
    fromMs: number
    beforeMs: number
  }) => Promise<readonly { readonly id: string }[]>
  readonly voidJob: (jobId: string, reason: JobReason) => Promise<unknown>
  readonly nowMs: () => number
  readonly log: Log
}

/** Ends jobs that are open for longer than any job may be: nothing is charged, and their holds go back. */
export async function expireJobs({ listOpenJobs, voidJob, nowMs, log }: ExpireDeps): Promise<number> {
  const beforeMs = nowMs() - JOB_MAX_MS
  const expired = await listOpenJobs({ fromMs: beforeMs - LOOK_BACK_MS, beforeMs })
  for (const { id } of expired) {
    await voidJob(id, 'timed-out')
    log('job-expired', { job: id })
  }
  return expired.length
}
