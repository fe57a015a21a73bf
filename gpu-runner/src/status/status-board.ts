import { z } from 'zod'
import { formatTon, nano } from '../../../protocol/src/money.ts'
import type { Clock } from '../clock.ts'
import { type Earnings, utcDay } from '../earnings/earnings.ts'
import type { RunnerEvent } from '../events.ts'
import { refKey } from '../jobs/job.ts'
import { createSealNotes } from './seal-notes.ts'

const modelStatusSchema = z.object({
  model: z.string(),
  device: z.string(),
  slots: z.int(),
  note: z.string(),
  state: z.enum(['starting', 'online', 'offline', 'refused', 'leaving']),
  running: z.int(),
  tokensPerSecond: z.number(),
  /** Why it is offline or refused, for the owner; empty when all is well. */
  sentence: z.string(),
  /** Whether sealed questions can come, in a plain sentence; empty where nothing is known yet. */
  seal: z.string().default(''),
})
/** One model's line on the status page. */
export type ModelStatus = Readonly<z.infer<typeof modelStatusSchema>>

const jobStatusSchema = z.object({
  jobId: z.string(),
  attempt: z.int(),
  model: z.string(),
  tokens: z.int(),
  durationMs: z.number(),
  /** Nano as decimal text; absent until the ledger has answered. */
  earnedNano: z.string().optional(),
  /** The same for people: `0.0002 TON`. */
  earned: z.string().optional(),
  outcome: z.string(),
  endedAtMs: z.int(),
})
/** One job's line: what was done and earned, never what was said. */
export type JobStatus = Readonly<z.infer<typeof jobStatusSchema>>

/** What `/status.json` answers. */
export const runnerStatusSchema = z.object({
  runnerId: z.string(),
  startedAtMs: z.int(),
  /** A warning that stays; empty where there is none. */
  notice: z.string().default(''),
  models: z.array(modelStatusSchema),
  /** The UTC day of `earnedToday`. */
  day: z.string(),
  earnedTodayNano: z.string(),
  earnedToday: z.string(),
  jobs: z.array(jobStatusSchema),
})
export type RunnerStatus = z.infer<typeof runnerStatusSchema>

export type StatusBoard = {
  readonly note: (event: RunnerEvent) => void
  readonly status: () => RunnerStatus
}

const JOBS_SHOWN = 20

/** Gathers what happens into what an owner wants to see. */
export function createStatusBoard(deps: {
  readonly clock: Clock
  readonly earnings: Earnings
  readonly runnerId: string
}): StatusBoard {
  const startedAtMs = deps.clock.nowMs()
  const models = new Map<string, ModelStatus>()
  const jobs = new Map<string, JobStatus>()
  const seals = createSealNotes()
  let notice = ''
  const change = (model: string, changes: Partial<ModelStatus>) => {
    const old = models.get(model)
    if (old) models.set(model, { ...old, ...changes })
  }
  const changeRunning = (model: string, by: number) =>
    change(model, { running: Math.max(0, (models.get(model)?.running ?? 0) + by) })

  const noteJob = (job: JobStatus) => {
    jobs.set(refKey(job), job)
    const [oldest] = jobs.keys()
    if (jobs.size > JOBS_SHOWN && oldest !== undefined) jobs.delete(oldest)
  }

  const note = (event: RunnerEvent) => {
    switch (event.event) {
      case 'model-loaded': {
        const { model, device, slots, tokensPerSecond, note: reason } = event
        models.set(model, {
          model,
          device,
          slots,
          note: reason,
          state: 'starting',
          running: 0,
          sentence: '',
          seal: '',
          tokensPerSecond,
        })
        return
      }
      case 'runner-online':
        return change(event.model, { state: 'online', sentence: '' })
      case 'runner-offline':
        return change(event.model, {
          state: 'offline',
          sentence: 'The link is lost; it comes back by itself.',
        })
      case 'runner-refused':
        return change(event.model, { state: 'refused', sentence: event.sentence })
      case 'job-started':
        return changeRunning(event.model, 1)
      case 'job-ended': {
        const { jobId, attempt, model, durationMs, outcome, tokensPerSecond } = event
        const tokens = event.promptTokens + event.completionTokens
        noteJob({ jobId, attempt, model, tokens, durationMs, outcome, endedAtMs: deps.clock.nowMs() })
        if (tokensPerSecond > 0) change(model, { tokensPerSecond })
        return changeRunning(model, -1)
      }
      case 'job-paid': {
        const job = jobs.get(refKey(event))
        if (job)
          jobs.set(refKey(event), { ...job, earnedNano: event.earnedNano, earned: tonOf(event.earnedNano) })
        return
      }
      case 'runner-leaving':
        for (const model of models.keys()) change(model, { state: 'leaving' })
        return
      case 'seal-accepted':
      case 'seal-refused':
        return change(event.model, { seal: seals.note(event.model, event) })
      case 'seal-failed':
        for (const model of models.keys()) change(model, { seal: seals.note(model, event) })
        return
      case 'tee-simulated':
        notice = event.sentence
        return
      case 'frame-ignored':
      case 'status-page':
      case 'runner-stopped':
        return
      default:
        return event satisfies never
    }
  }

  return {
    note,
    status: () => {
      const today = deps.earnings.on(deps.clock.nowMs())
      return {
        runnerId: deps.runnerId,
        startedAtMs,
        notice,
        models: Array.from(models.values()),
        day: utcDay(deps.clock.nowMs()),
        earnedTodayNano: today.toString(),
        earnedToday: formatTon(today),
        jobs: Array.from(jobs.values()).toReversed(),
      }
    },
  }
}

function tonOf(text: string): string {
  return formatTon(nano(BigInt(text)))
}
