import type { RunnerJobsJson } from '../../../../protocol/src/miniapp/runners.ts'

type Job = RunnerJobsJson['data'][number]

/** The coordinator's words for why a runner's part was not paid, or not in full. */
const KNOWN = [
  'job-failed',
  'stopped-before-output',
  'nothing-delivered',
  'no-valid-receipt',
  'free',
  'over-reported',
] as const

type UnpaidWord = `unpaid-${(typeof KNOWN)[number] | 'other' | 'other-failed'}`

/** Which sentence says why; undefined where it was paid in full. A reason that came later than this page has one as well. */
export function unpaidWord({
  unpaid_reason,
  job_reason,
}: Pick<Job, 'unpaid_reason' | 'job_reason'>): UnpaidWord | undefined {
  const known = KNOWN.find((reason) => reason === unpaid_reason)
  if (known) return `unpaid-${known}`
  if (unpaid_reason !== null) return job_reason === null ? 'unpaid-other' : 'unpaid-other-failed'
  return undefined
}
