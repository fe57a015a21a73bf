import { firstJobIdAt } from '../../../protocol/src/ids.ts'
import { JOB_MAX_MS } from '../jobs/job-store.ts'
import type { JobWindow } from '../ledger/job-window.ts'
import { type Span, uniteSpans } from '../runners/presence.ts'

/** A row can say that a runner left up to this much too early, where its object died: see readLastMinute. */
const SLACK_MS = JOB_MAX_MS + 5 * 60_000

/**
 * The ids of jobs that a runner can have worked on, below an id: those that were asked while it was connected, or up to
 * the age of a job before. What was before the first span that is known is one range, down to its pairing. Newest first.
 */
export function rangesOfRunner(
  spans: readonly Span[],
  { pairedMs, nowMs, below }: { readonly pairedMs: number; readonly nowMs: number; readonly below: string },
): readonly JobWindow[] {
  const wide = spans.map(({ fromMs, toMs = nowMs }) => ({
    fromMs: fromMs - JOB_MAX_MS,
    toMs: toMs + SLACK_MS,
  }))
  const firstMs = Math.min(nowMs, ...spans.map(({ fromMs }) => fromMs))
  const united = uniteSpans([{ fromMs: pairedMs, toMs: firstMs }, ...wide], nowMs)
  return united
    .toReversed()
    .map(({ fromMs, toMs }) => {
      const from = firstJobIdAt(Math.max(pairedMs - JOB_MAX_MS, fromMs))
      const to = firstJobIdAt(toMs + 1)
      return { from, to: to < below ? to : below }
    })
    .filter(({ from, to }) => from < to)
}
