import { REQUEST_AGE_MAX_MS } from '../../../protocol/src/sealed/header.ts'
import type { SealedJob } from '../jobs/chat-job.ts'
import type { Desk } from './desk.ts'
import type { LiveJob } from './live-job.ts'

/** What is left of a request's age for its way to the runner and for clocks that differ, ms. */
const AGE_RESERVE_MS = 5_000

/**
 * Whether another runner may begin a job that one lost. Of a sealed answer only while nothing of it but its first chunk
 * went out: what was said is readable to the client alone, which seals it again for whoever is to go on.
 */
export function canHandOver({ job, attempts }: LiveJob): boolean {
  return job.kind !== 'sealed' || attempts.every(({ nextSeq }) => nextSeq <= 1)
}

/** Whether no runner would open a request any more: its answer can be read again, where it is kept, and not be made. */
export function isTooOld({ deps }: Desk, { header }: SealedJob): boolean {
  return deps.nowMs() - header.ts > REQUEST_AGE_MAX_MS
}

/** How long a sealed job may wait: no runner opens one that is too old. */
export function sealedWaitMs({ deps }: Desk, { header }: SealedJob): number {
  const leftMs = header.ts + REQUEST_AGE_MAX_MS - AGE_RESERVE_MS - deps.nowMs()
  return Math.max(0, Math.min(deps.bounds.sealedWaitMs, leftMs))
}
