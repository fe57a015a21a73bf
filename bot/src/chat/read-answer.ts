import type { AnswerFrame } from '../../../protocol/src/answer.ts'
import type { AnswerRequest, BotDeps } from '../bot-deps.ts'
import type { Clock } from './clock.ts'
import type { Ending } from './conversation-state.ts'

export type ReadAnswerDeps = Pick<BotDeps, 'startAnswer' | 'stopAnswer' | 'log'> & { readonly clock: Clock }

/** What is told while an answer comes. */
export type AnswerEvents = {
  readonly onJob: (job: {
    readonly jobId: string
    readonly model: string
    readonly accountId: number
  }) => void
  readonly onQueued: (place: number, waitSeconds: number) => void
  readonly onText: (text: string) => void
}

/** An answer longer than this is stopped. */
const ANSWER_CHARS_MAX = 200_000
/** Nothing at all for so long: the answer is given up. */
const SILENCE_MS = 5 * 60_000
/** How long a stopped job may take to hand over what it delivered last, and what that cost. */
const STOP_GRACE_MS = 3000

/**
 * Reads an answer to its end. The signal stops it: the job is told, and what was delivered until then is kept. Never
 * throws: whatever breaks on the way is an ending with a reason.
 */
export async function readAnswer(
  deps: ReadAnswerDeps,
  request: AnswerRequest,
  stop: AbortSignal,
  events: AnswerEvents,
): Promise<Ending> {
  const { clock, log } = deps
  let job: { readonly id: string; readonly model: string } | undefined
  let chars = 0
  let toldJob = false
  let stopUntilMs = Number.POSITIVE_INFINITY
  const isStopping = () => stop.aborted || chars > ANSWER_CHARS_MAX
  const tellJob = () => {
    if (!job || toldJob) return
    toldJob = true
    const { accountId } = request
    deps
      .stopAnswer({ accountId, model: job.model, jobId: job.id })
      .catch((error) => log('answer-stop-failed', { jobId: job?.id, error: String(error) }))
  }
  const next = nextFrame(deps, request)
  const tellJobUnlessEnded = () => {
    if (!next.hasEnded()) tellJob()
  }
  try {
    for (;;) {
      if (isStopping()) {
        if (stopUntilMs === Number.POSITIVE_INFINITY) stopUntilMs = clock.nowMs() + STOP_GRACE_MS
        tellJob()
      }
      const waitMs = Math.min(SILENCE_MS, stopUntilMs - clock.nowMs())
      if (waitMs <= 0) return endedWith('cancelled')
      const frame = await inTime(clock, next.frame(), waitMs, isStopping() ? undefined : stop)
      if (frame === 'time-out' && isStopping()) continue
      if (frame === 'time-out') {
        tellJob()
        return { ...endedWith('failed'), reason: 'timed-out' }
      }
      if (frame === 'stop') continue
      if (frame === 'closed') {
        return isStopping()
          ? endedWith('cancelled')
          : { ...endedWith('failed'), reason: 'coordinator-restarted' }
      }
      next.taken()
      switch (frame.type) {
        case 'job':
          job = { id: frame.jobId, model: frame.model }
          events.onJob({ jobId: frame.jobId, model: frame.model, accountId: request.accountId })
          break
        case 'queued':
          events.onQueued(frame.place, frame.waitSeconds)
          break
        case 'delta':
          chars += frame.text.length
          if (frame.text) events.onText(frame.text)
          break
        case 'pause':
          break // another GPU goes on: the reader sees nothing but a longer breath
        case 'end':
        case 'refused':
          return endingOf(frame)
        default:
          frame satisfies never
      }
    }
  } catch (error) {
    log('answer-broke-off', { jobId: job?.id, error: error instanceof Error ? error.name : String(error) })
    return isStopping() ? endedWith('cancelled') : { ...endedWith('failed'), reason: 'coordinator-restarted' }
  } finally {
    tellJobUnlessEnded()
    next.leave((late) => {
      job = late
      tellJob()
    })
  }
}

function endingOf(frame: Extract<AnswerFrame, { type: 'end' | 'refused' }>): Ending {
  if (frame.type === 'refused') {
    return {
      ...endedWith('refused'),
      reason: frame.reason,
      ...(frame.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: frame.retryAfterSeconds }),
    }
  }
  const { finish } = frame
  return {
    finish: finish === 'length' || finish === 'cancelled' || finish === 'failed' ? finish : 'stop',
    usage: frame.usage,
    runnerIds: [...new Set(frame.receipts.map(({ runnerId }) => runnerId))],
    ...(frame.reason === undefined ? {} : { reason: frame.reason }),
  }
}

function endedWith(finish: Ending['finish']): Ending {
  return { finish, runnerIds: [] }
}

/** Asks for the next frame once, however often that is waited for. */
function nextFrame(deps: ReadAnswerDeps, request: AnswerRequest) {
  let waiting: Promise<AnswerFrame | 'closed'> | undefined
  let hasEnded = false
  const reader = deps.startAnswer(request).then((stream) => stream.getReader())
  reader.catch(() => undefined) // the failure is seen where the first frame is waited for
  const read = async (): Promise<AnswerFrame | 'closed'> => {
    const { done, value } = await (await reader).read()
    hasEnded = done || value.type === 'end' || value.type === 'refused'
    return done ? 'closed' : value
  }
  return {
    frame: () => (waiting ??= read()),
    taken: () => {
      waiting = undefined
    },
    hasEnded: () => hasEnded,
    /** Lets the stream go. A job that starts only after that is handed over, to be stopped. */
    leave: (onLateJob: (job: { readonly id: string; readonly model: string }) => void) => {
      if (hasEnded) return
      const end = async () => {
        const frame = await waiting
        if (frame !== undefined && frame !== 'closed' && frame.type === 'job')
          onLateJob({ id: frame.jobId, model: frame.model })
        await (await reader).cancel()
      }
      end().catch(() => undefined) // nobody reads it any more
    },
  }
}

async function inTime<T>(
  clock: Clock,
  promise: Promise<T>,
  ms: number,
  stop: AbortSignal | undefined,
): Promise<T | 'time-out' | 'stop'> {
  const over = new AbortController()
  const signals = stop ? [over.signal, stop] : [over.signal]
  const timer = clock
    .sleep(ms, AbortSignal.any(signals))
    .then(() => (stop?.aborted ? ('stop' as const) : ('time-out' as const)))
  try {
    return await Promise.race([promise, timer])
  } finally {
    over.abort()
  }
}
