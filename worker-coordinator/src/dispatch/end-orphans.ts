import { JOB_MAX_MS, listOpenJobs, voidJob } from '../jobs/job-store.ts'
import type { Db } from '../ledger/ledger-store.ts'
import type { Desk } from './desk.ts'

/** Ends jobs that an earlier object of this name left open: their readers are gone, and nothing is charged. */
export async function endOrphans(db: Db, { deps, jobs }: Desk, bootMs: number): Promise<void> {
  const { model, shard } = deps
  const orphans = await listOpenJobs(db, {
    fromMs: bootMs - JOB_MAX_MS,
    beforeMs: bootMs,
    owner: { model, shard },
  })
  for (const { id } of orphans) {
    if (jobs.has(id)) continue
    await voidJob(db, id, 'coordinator-restarted', deps.nowMs())
    deps.log('job-orphan-ended', { job: id })
  }
}
