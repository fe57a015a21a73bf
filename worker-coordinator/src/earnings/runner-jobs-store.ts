import { sql } from 'drizzle-orm'
import type { JobWindow } from '../ledger/job-window.ts'
import { cutWindow } from '../ledger/job-window-store.ts'
import type { Db } from '../ledger/ledger-store.ts'
import { type EarnedJob, JOB_COLUMNS, type JobRow, toEarnedJob } from './earnings-report-store.ts'

/** How many of the network's jobs are looked through for a page, and in how many ranges. */
const SCANNED_JOBS_MAX = 5000
const RANGES_MAX = 8
/** Above every job's id: `` ` `` follows `_` in the order of bytes. */
export const JOB_IDS_END = 'job`'

export type RunnerJobsPage = {
  readonly jobs: readonly EarnedJob[]
  /** The next page has jobs below this id; undefined: there are no older ones. */
  readonly next: string | undefined
}

/**
 * The jobs that a runner worked on in some ranges of ids, the newest first. Jobs have no index by runner, since a chat would
 * pay for it: they are looked through by their key, a bounded number for each page, so that a page can be empty and not
 * the last.
 */
export async function listRunnerJobs(
  db: Db,
  input: {
    readonly runnerId: string
    /** The newest first; they do not overlap. */
    readonly ranges: readonly JobWindow[]
    readonly limit: number
    /** For tests. */
    readonly scanMax?: number
  },
): Promise<RunnerJobsPage> {
  const { runnerId, ranges, limit, scanMax = SCANNED_JOBS_MAX } = input
  const jobs: EarnedJob[] = []
  let left = scanMax
  for (const [step, range] of ranges.entries()) {
    const { window, count } = await cutWindow(db, range, left)
    jobs.push(...(await readWindow(db, runnerId, window, limit + 1 - jobs.length)))
    if (jobs.length > limit) {
      const shown = jobs.slice(0, limit)
      return { jobs: shown, next: shown.at(-1)?.jobId }
    }
    left -= count
    const isLast = step + 1 === ranges.length && window.from === range.from
    if (!isLast && (left <= 0 || step + 1 === RANGES_MAX)) return { jobs, next: window.from }
  }
  return { jobs, next: undefined }
}

async function readWindow(
  db: Db,
  runnerId: string,
  { from, to }: JobWindow,
  limit: number,
): Promise<readonly EarnedJob[]> {
  const rows = await db.all<JobRow>(sql`
    select ${JOB_COLUMNS}
    from (select * from jobs where id < ${to} and id >= ${from} and why is not null order by id desc) j,
      json_each(j.why) w
    where w.value ->> 'runner' = ${runnerId}
    order by j.id desc, w.key desc limit ${limit}`)
  return rows.map(toEarnedJob)
}
