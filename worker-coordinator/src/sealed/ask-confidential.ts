import { type AnswerFrame, JOB_REASONS, type JobReason } from '../../../protocol/src/answer.ts'
import type { JobId } from '../../../protocol/src/ids.ts'
import { type AskSealedDeps, askSealed } from '../../../protocol/src/sealed-client/ask-sealed.ts'
import type { ChooseRunners } from '../../../protocol/src/sealed-client/choose-runners.ts'
import type { SealTrust } from '../../../protocol/src/sealed-client/seal-trust.ts'
import type { SealedNetwork } from '../../../protocol/src/sealed-client/sealed-network.ts'
import { type AnswerFormat, writerOf } from '../dispatch/frame-writer.ts'
import type { Caller, ChatJob } from '../jobs/chat-job.ts'
import type { JobRefusal } from '../openai-api/openai-deps.ts'
import { streamFrames } from './stream-frames.ts'

export type AskConfidentialDeps = {
  readonly networkOf: (caller: Caller) => SealedNetwork
  readonly trust: SealTrust
  readonly chooseRunners: ChooseRunners
  readonly nowMs: () => number
  /** Says why nobody's evidence passed, or what of an answer was altered; never what was asked. */
  readonly log: (event: string, facts: Readonly<Record<string, string>>) => void
}

export type ConfidentialStart =
  | {
      readonly ok: true
      readonly body: ReadableStream<Uint8Array>
      readonly jobId: JobId
      /** The TEE is a simulated one, which proves nothing. */
      readonly isSimulated: boolean
    }
  | JobRefusal

/**
 * Asks a chat of tier `confidential` for a caller that cannot seal: its words are in the clear in the memory of this
 * request, and nowhere else on their way to a TEE. What goes wrong before the answer begins is a refusal.
 */
export async function askConfidential(
  deps: AskConfidentialDeps,
  job: ChatJob,
  format: AnswerFormat,
): Promise<ConfidentialStart> {
  const leave = new AbortController()
  let isSimulated = false
  const frames = withoutThrow(
    askSealed(sealedDepsOf(deps, job), {
      ask: toAsk(job),
      tickets: [],
      onTicket: (ticket) => {
        isSimulated ||= ticket.isSimulated
      },
      onFault: (fault) => deps.log('confidential-fault', { model: job.model, fault }),
      signal: leave.signal,
    }),
  )
  const begun: AnswerFrame[] = []
  for (;;) {
    const { value: frame, done } = await frames.next()
    if (done) return { ok: false, reason: 'engine-failed' }
    if (frame.type === 'refused') return refusalOf(job, frame)
    begun.push(frame)
    if (frame.type !== 'job') continue
    const body = streamFrames(begun, frames, writerOf(format), () => leave.abort())
    return { ok: true, body, jobId: frame.jobId as JobId, isSimulated }
  }
}

/** A stream that breaks off is not opened again: this request's memory is all that could read it. */
function sealedDepsOf({ networkOf, trust, chooseRunners, nowMs }: AskConfidentialDeps, { caller }: ChatJob) {
  const deps: AskSealedDeps = {
    network: networkOf(caller),
    trust,
    chooseRunners,
    nowMs,
    sleep: async () => undefined,
    reopens: 0,
  }
  return deps
}

function toAsk({ jobId, model, messages, params, needs, maxPrice }: ChatJob) {
  const { input, output } = maxPrice ?? {}
  return {
    model,
    tier: 'confidential',
    features: [...new Set(needs.map(({ feature }) => feature))],
    messages,
    params,
    key: jobId,
    lingerSeconds: 0,
    ...(maxPrice
      ? {
          maxPrice: {
            ...(input === undefined ? {} : { input: Number(input) }),
            ...(output === undefined ? {} : { output: Number(output) }),
          },
        }
      : {}),
  } as const
}

/** The stream of a job that breaks off ends as one that a restart of the coordinator ended. */
async function* withoutThrow(
  frames: AsyncGenerator<AnswerFrame, void, void>,
): AsyncGenerator<AnswerFrame, void, void> {
  let hasJob = false
  try {
    for await (const frame of frames) {
      hasJob ||= frame.type === 'job'
      yield frame
    }
  } catch {
    // Nothing of the error may be shown: it can name what was asked.
    const usage = { promptTokens: 0, completionTokens: 0, costNano: '0' }
    const reason = 'coordinator-restarted'
    yield hasJob
      ? { type: 'end', finish: 'failed', reason, usage, receipts: [] }
      : { type: 'refused', reason }
  }
}

function refusalOf(
  { needs }: ChatJob,
  { reason, param, retryAfterSeconds }: Extract<AnswerFrame, { type: 'refused' }>,
): JobRefusal {
  const field = reason === 'unsupported' ? (param ?? needs[0]?.param) : param
  return {
    ok: false,
    reason: isJobReason(reason) ? reason : 'engine-failed',
    ...(field === undefined ? {} : { param: field }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
}

/** A sealed client passes on words of whoever it asked. */
function isJobReason(reason: string): reason is JobReason {
  return (JOB_REASONS as readonly string[]).includes(reason)
}
