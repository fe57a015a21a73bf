import type { Nano } from '../../../../protocol/src/money.ts'

/** One request of the playground, from the tap to its end. */
export type Run = {
  readonly phase: RunPhase
  readonly startedMs: number
  /** When the first piece of the answer came. */
  readonly firstMs?: number
  readonly endedMs?: number
  readonly text: string
  /** What a reasoning model thought before it answered. */
  readonly reasoning: string
  readonly requestId?: string
  readonly jobId?: string
  readonly queue?: { readonly place: number; readonly waitSeconds: number }
  readonly used?: Used
  /** Why it was refused or failed, as the API says it. */
  readonly trouble?: ApiTrouble
  /** The answer reached `max_tokens`, or the model's context. */
  readonly isCut: boolean
}

export type RunPhase =
  /** Asked; nothing came yet. */
  | 'asking'
  | 'queued'
  | 'writing'
  /** The runner was lost; another goes on. */
  | 'handing-over'
  | 'done'
  | 'stopped'
  | 'failed'

/** What an answer used and cost. */
export type Used = {
  readonly promptTokens: number
  readonly completionTokens: number
  readonly cost: Nano | undefined
}

/** An error as a developer meets it. `status` undefined: there was no answer, or it broke off within one. */
export type ApiTrouble = {
  readonly status: number | undefined
  readonly code: string
  readonly message: string | undefined
  readonly param: string | undefined
}

export type RunEvent =
  | { readonly type: 'opened'; readonly requestId: string | undefined; readonly jobId: string | undefined }
  | { readonly type: 'queued'; readonly place: number; readonly waitSeconds: number }
  | { readonly type: 'paused' }
  | { readonly type: 'words'; readonly text: string; readonly reasoning: string; readonly atMs: number }
  | { readonly type: 'cut' }
  | { readonly type: 'used'; readonly used: Used }
  | { readonly type: 'failed'; readonly trouble: ApiTrouble; readonly atMs: number }
  | { readonly type: 'ended'; readonly atMs: number }
  | { readonly type: 'stopped'; readonly atMs: number }
  /** What the coordinator's record says afterwards of a job whose end was not heard. */
  | { readonly type: 'recorded'; readonly used: Used }

/** Characters of an answer that are shown. */
export const ANSWER_CHARS_MAX = 400_000

export function beginRun(startedMs: number): Run {
  return { phase: 'asking', startedMs, text: '', reasoning: '', isCut: false }
}

/** Moves a run. After its end only the record changes anything. */
export function nextRun(run: Run, event: RunEvent): Run {
  if (isOver(run) && event.type !== 'recorded') return run
  const { queue: _, ...unqueued } = run
  switch (event.type) {
    case 'opened':
      return {
        ...run,
        ...(event.requestId === undefined ? {} : { requestId: event.requestId }),
        ...(event.jobId === undefined ? {} : { jobId: event.jobId }),
      }
    case 'queued':
      return { ...run, phase: 'queued', queue: { place: event.place, waitSeconds: event.waitSeconds } }
    case 'paused':
      return { ...unqueued, phase: 'handing-over' }
    case 'words':
      return {
        ...unqueued,
        phase: 'writing',
        firstMs: run.firstMs ?? event.atMs,
        text: (run.text + event.text).slice(0, ANSWER_CHARS_MAX),
        reasoning: (run.reasoning + event.reasoning).slice(0, ANSWER_CHARS_MAX),
      }
    case 'cut':
      return { ...run, isCut: true }
    case 'used':
    case 'recorded':
      return { ...run, used: event.used }
    case 'failed':
      return { ...unqueued, phase: 'failed', trouble: event.trouble, endedMs: event.atMs }
    case 'ended':
      return { ...unqueued, phase: 'done', endedMs: event.atMs }
    case 'stopped':
      return { ...unqueued, phase: 'stopped', endedMs: event.atMs }
    default:
      return event satisfies never
  }
}

/** Whether nothing more is written. */
export function isOver({ phase }: Run): boolean {
  return phase === 'done' || phase === 'stopped' || phase === 'failed'
}

/** What is measured of a run, in this browser; undefined: not known, or not yet. */
export type RunFigures = {
  readonly firstTokenMs: number | undefined
  readonly tookMs: number | undefined
  readonly tokensPerSecond: number | undefined
}

/** Shorter than this says nothing of a speed. */
const MEASURED_MS_MIN = 50

export function figuresOf({ startedMs, firstMs, endedMs, used }: Run): RunFigures {
  const writtenMs = firstMs === undefined || endedMs === undefined ? 0 : endedMs - firstMs
  const isWhole = firstMs === endedMs // in one piece: nothing came before its end
  const isMeasured = used !== undefined && used.completionTokens > 1 && writtenMs >= MEASURED_MS_MIN
  return {
    firstTokenMs: firstMs === undefined || isWhole ? undefined : firstMs - startedMs,
    tookMs: endedMs === undefined ? undefined : endedMs - startedMs,
    tokensPerSecond: isMeasured ? (used.completionTokens * 1000) / writtenMs : undefined,
  }
}
