import { type GoneThrough, type GoThroughDeps, goThroughJobs } from '../ledger/job-window.ts'

/** How far behind the present the figures of a day are summed: a job's row is written well within it, or refused. */
export const SUMMED_BEHIND_MS = 120_000

/** Adds jobs that have ended to the figures of their day, each once. What is newer is read from the jobs themselves. */
export function sumUsage(deps: GoThroughDeps & { readonly nowMs: () => number }): Promise<GoneThrough> {
  return goThroughJobs(deps, deps.nowMs() - SUMMED_BEHIND_MS)
}
