import type { JobId } from '../../../protocol/src/ids.ts'
import type { Job } from '../jobs/chat-job.ts'
import { type Desk, placeOf } from './desk.ts'
import { stopAnswer } from './end-answer.ts'
import { queuedFrame } from './lease-job.ts'
import { keyOf, type LiveJob, type Sink } from './live-job.ts'
import type { Refusal } from './refuse-job.ts'

export type StartResult = { readonly ok: true; readonly jobId: JobId } | Refusal

/** Shows a job to one more reader, from its beginning. It waits for none any longer. */
export function showTo(desk: Desk, live: LiveJob, sink: Sink): void {
  for (const frame of live.history) sink.write(frame)
  if (!desk.jobs.has(live.job.jobId)) return sink.close()
  desk.deps.clearTimer(live.linger)
  live.sinks.add(sink)
  if (placeOf(desk, live) !== undefined) sink.write(queuedFrame(desk, live))
}

/** Shows a running or just ended job to one more reader. */
export function attachSink(desk: Desk, jobId: string, sink: Sink): StartResult {
  const live = desk.jobs.get(jobId) ?? desk.recent.get(jobId)?.live
  if (!live) return { ok: false, reason: 'idempotency-ended' }
  showTo(desk, live, sink)
  return { ok: true, jobId: live.job.jobId }
}

/** A reader is gone. When it was the last, the job stops: at once, or when nobody came back for as long as was asked for. */
export function detachSink(desk: Desk, jobId: string, sink: Sink): void {
  const live = desk.jobs.get(jobId)
  if (!live?.sinks.delete(sink) || live.sinks.size > 0) return
  const lingerMs = live.job.kind === 'embedding' ? 0 : (live.job.lingerMs ?? 0)
  if (lingerMs === 0 || live.stopping || live.ending) return stopAnswer(desk, live)
  live.linger = desk.deps.setTimer(lingerMs, () => stopAnswer(desk, live))
}

/**
 * Shows a job that came before under the same `Idempotency-Key` and is remembered here: it needs neither a free runner
 * nor a place in the queue. Undefined when there is none.
 */
export async function joinRepeated(desk: Desk, job: Job, sink: Sink): Promise<StartResult | undefined> {
  const key = keyOf(job)
  const live = key === undefined ? undefined : desk.keys.get(key)
  if (!live) return undefined
  if (live.job.idempotency?.fingerprint !== job.idempotency?.fingerprint) {
    return { ok: false, reason: 'idempotency-mismatch' }
  }
  const opened = await live.opened
  if (opened.ok) return attachSink(desk, live.job.jobId, sink)
  return opened.reason === 'same-key' ? attachSink(desk, opened.jobId, sink) : opened
}
