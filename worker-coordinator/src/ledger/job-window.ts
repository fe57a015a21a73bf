import { firstJobIdAt } from '../../../protocol/src/ids.ts'

/** How many jobs one window takes at most. */
export const WINDOW_JOBS_MAX = 2000
/** How many windows one run goes through at most: the rest is for the next run. */
export const WINDOWS_MAX = 10

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'
const TIME_END = 'job_'.length + 9

/**
 * Jobs from one id to another, `to` itself excluded. Both are the beginning of an id: `job_` and its time. A job's
 * transfers, `<job>/earn/<attempt>`, lie in the same window as the job.
 */
export type JobWindow = { readonly from: string; readonly to: string }

/** What was found where a window shall be: at most WINDOW_JOBS_MAX + 1 jobs, the oldest first. */
export type FoundJobs = {
  readonly count: number
  /** The newest of them. */
  readonly lastId: string | undefined
  /** The oldest of them that has not ended. */
  readonly openId: string | undefined
}

/**
 * Cuts a window so that it has a bounded number of jobs and all of them have ended: what is older than the oldest open
 * job, and no more. Undefined when nothing can be taken now.
 */
export function cutWindow({ from, to }: JobWindow, found: FoundJobs): JobWindow | undefined {
  let end = to
  if (found.count > WINDOW_JOBS_MAX && found.lastId !== undefined) {
    const last = timeOf(found.lastId)
    // More jobs than a window takes within one millisecond: they cannot be parted, and go together.
    end = last > from ? last : firstJobIdAt(jobTimeMs(found.lastId) + 1)
  }
  if (found.openId !== undefined && timeOf(found.openId) < end) end = timeOf(found.openId)
  return end > from ? { from, to: end } : undefined
}

/** The moment that a job's id, or the beginning of one, was made at; 0 for one without a time. */
export function jobTimeMs(id: string): number {
  let ms = 0
  for (const char of id.slice('job_'.length, TIME_END)) ms = ms * 32 + ALPHABET.indexOf(char)
  return ms
}

function timeOf(jobId: string): string {
  return jobId.slice(0, TIME_END)
}

export type GoThroughDeps = {
  readonly readCursor: () => Promise<string>
  readonly findJobs: (window: JobWindow) => Promise<FoundJobs>
  /**
   * Takes a window in one batch that also moves the cursor, and only from `window.from`. False when another run was
   * first, or a job in it is open: then nothing moved.
   */
  readonly takeWindow: (window: JobWindow) => Promise<boolean>
}

export type GoneThrough = {
  readonly windows: number
  /** The open job that holds the rest back. */
  readonly heldBackBy: string | undefined
}

/** Goes through the jobs that were made before a moment, each once, in windows; as far as one run may. */
export async function goThroughJobs(deps: GoThroughDeps, beforeMs: number): Promise<GoneThrough> {
  const target = firstJobIdAt(beforeMs)
  let windows = 0
  while (windows < WINDOWS_MAX) {
    const from = await deps.readCursor()
    if (from >= target) return { windows, heldBackBy: undefined }
    const found = await deps.findJobs({ from, to: target })
    const window = cutWindow({ from, to: target }, found)
    if (!window) return { windows, heldBackBy: found.openId }
    if (!(await deps.takeWindow(window))) return { windows, heldBackBy: found.openId }
    windows += 1
  }
  return { windows, heldBackBy: undefined }
}
