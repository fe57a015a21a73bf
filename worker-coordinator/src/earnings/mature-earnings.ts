import { JOB_MAX_MS } from '../jobs/job-store.ts'
import { type GoneThrough, type GoThroughDeps, goThroughJobs, jobTimeMs } from '../ledger/job-window.ts'
import type { Log } from '../platform/log.ts'

/** How long earnings accrue before they can be paid out: time to notice a runner that cheats. Longer than any job may take. */
export const EARNINGS_MATURE_MS = 24 * 60 * 60_000
/** The shortest time that a configuration can ask for: a job's row is written well within it, or refused. */
export const EARNINGS_MATURE_MIN_MS = 5000
/** Earnings mature by the hour: a transfer a minute for each runner would say nothing more. */
const STEP_MS = 60 * 60_000
/** An open job this much older than any job may be was forgotten by the expiry of jobs. */
const FORGOTTEN_MS = JOB_MAX_MS + 60 * 60_000

/** Reads `EARNINGS_MATURE_S`. A wrong value stops the coordinator rather than paying out at once. */
export function readMatureMs(value: string | undefined): number {
  if (value === undefined) return EARNINGS_MATURE_MS
  const seconds = /^[0-9]{1,8}$/.test(value) ? Number(value) : 0
  if (seconds * 1000 < EARNINGS_MATURE_MIN_MS) {
    throw new Error(
      `EARNINGS_MATURE_S must be a whole number from ${EARNINGS_MATURE_MIN_MS / 1000}, got ${JSON.stringify(value)}`,
    )
  }
  return seconds * 1000
}

/** Jobs made before this moment have matured. It moves by the hour, or by `matureMs` where that is shorter. */
export function maturedBeforeMs(nowMs: number, matureMs: number): number {
  const step = Math.min(STEP_MS, matureMs)
  return Math.max(0, Math.floor((nowMs - matureMs) / step) * step)
}

export type MatureDeps = GoThroughDeps & {
  readonly matureMs: number
  readonly nowMs: () => number
  readonly log: Log
}

/**
 * Moves what runners earned long enough ago to their owners, each job's pay once, however often and by however many this
 * is called. A job that is still open holds back everything that was asked after it, so none is missed when it ends.
 */
export async function matureEarnings(deps: MatureDeps): Promise<GoneThrough> {
  const nowMs = deps.nowMs()
  const gone = await goThroughJobs(deps, maturedBeforeMs(nowMs, deps.matureMs))
  if (gone.windows > 0) deps.log('earnings-matured', { windows: gone.windows })
  if (gone.heldBackBy !== undefined && nowMs - jobTimeMs(gone.heldBackBy) > FORGOTTEN_MS) {
    deps.log('earnings-held-back', { job: gone.heldBackBy })
  }
  return gone
}
