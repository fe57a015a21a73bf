import { type AnswerFrame, type AnswerUsage, JOB_REASONS } from '../../../protocol/src/answer.ts'
import type { ChatRequest } from '../../../protocol/src/openai/chat-request.ts'
import { toChatNeeds, toChatParams } from '../../../protocol/src/openai/to-chat-params.ts'
import { askSealed, SealedStreamBroken } from '../../../protocol/src/sealed-client/ask-sealed.ts'
import type { ProxyDeps } from './proxy-deps.ts'

/** The answer ended before it was whole, for a reason that OpenAI's frames have no place for. */
export type BrokenFrame = {
  readonly type: 'broken'
  readonly reason: string
  readonly param?: string | undefined
  readonly retryAfterSeconds?: number | undefined
}
export type RunFrame = Exclude<AnswerFrame, { type: 'refused' }> | BrokenFrame

/** One request on its way, and what is known of it so far. */
export type SealedRun = {
  readonly frames: AsyncGenerator<RunFrame, void, void>
  readonly facts: RunFacts
}

export type RunFacts = {
  jobId: string | undefined
  /** Those that proved that they opened the question, in order. */
  readonly runners: { readonly runnerId: string; readonly evidenceDigest: string }[]
  isSimulated: boolean
  usage: AnswerUsage
  outcome: string
  fault: string | undefined
}

/** How long a job goes on while the connection to it is opened again, s. */
const LINGER_SECONDS = 30
/** Nobody reads the job any more. */
const HAS_LEFT: ReadonlySet<string> = new Set(['hung-up', 'internal'])
const NOTHING_USED: AnswerUsage = { promptTokens: 0, completionTokens: 0, costNano: '0' }

/** Seals a chat and opens its answer. Ends the job when `signal` says that the caller hung up. */
export function startRun(deps: ProxyDeps, request: ChatRequest, signal: AbortSignal): SealedRun {
  const facts: RunFacts = {
    jobId: undefined,
    runners: [],
    isSimulated: false,
    usage: NOTHING_USED,
    outcome: 'hung-up',
    fault: undefined,
  }
  return { facts, frames: run(deps, request, facts, signal) }
}

async function* run(
  deps: ProxyDeps,
  request: ChatRequest,
  facts: RunFacts,
  signal: AbortSignal,
): AsyncGenerator<RunFrame, void, void> {
  const { nowMs } = deps.asking
  const startedMs = nowMs()
  const job: { id: string | undefined } = { id: undefined }
  try {
    for await (const frame of ask(deps, request, { facts, job, signal })) yield note(facts, frame)
  } catch (error) {
    if (!(error instanceof SealedStreamBroken)) {
      facts.outcome = 'internal'
      throw error
    }
    if (!signal.aborted) yield note(facts, { type: 'broken', reason: 'unreachable' })
  } finally {
    if (HAS_LEFT.has(facts.outcome) && job.id !== undefined) await deps.stopJob(job.id)
    const { jobId, runners, usage, outcome, fault } = facts
    const runnerId = runners.at(-1)?.runnerId
    const tookMs = nowMs() - startedMs
    deps.noteRequest({ jobId, model: request.model, runnerId, ...usage, tookMs, outcome, fault })
  }
}

function ask(
  { asking, tier, manifests, newKey }: ProxyDeps,
  request: ChatRequest,
  {
    facts,
    job,
    signal,
  }: {
    readonly facts: RunFacts
    readonly job: { id: string | undefined }
    readonly signal: AbortSignal
  },
) {
  const { model, max_price: price } = request
  const manifestDigest = manifests.get(model)
  const { input, output } = price ?? {}
  return askSealed(asking, {
    ask: {
      model,
      tier,
      features: toChatNeeds(request).map(({ feature }) => feature),
      ...(manifestDigest === undefined ? {} : { manifestDigest }),
      maxPrice: {
        ...(input === undefined ? {} : { input: Number(input) }),
        ...(output === undefined ? {} : { output: Number(output) }),
      },
      messages: request.messages,
      params: toChatParams(request),
      key: newKey(),
      lingerSeconds: LINGER_SECONDS,
    },
    tickets: [],
    onTicket: ({ isSimulated }) => {
      facts.isSimulated ||= isSimulated
    },
    onJob: (jobId) => {
      job.id = jobId
    },
    onRunner: ({ runnerId, evidenceDigest }) => void facts.runners.push({ runnerId, evidenceDigest }),
    onFault: (fault) => {
      facts.fault = fault
    },
    // A caller stops by hanging up, and then reads no more: whoever else stops an answer cuts it short.
    isStopped: () => false,
    signal,
  })
}

/** Keeps what a frame says of the request, and tells apart what OpenAI's frames have words for. */
function note(facts: RunFacts, frame: AnswerFrame | BrokenFrame): RunFrame {
  switch (frame.type) {
    case 'job':
      facts.jobId = frame.jobId
      return frame
    case 'refused':
    case 'broken': {
      facts.outcome = frame.reason
      return { ...frame, type: 'broken' }
    }
    case 'end': {
      facts.usage = frame.usage
      facts.outcome = frame.finish === 'failed' ? (frame.reason ?? 'engine-failed') : frame.finish
      const isKnown = JOB_REASONS.some((reason) => reason === facts.outcome)
      const isBroken = frame.finish === 'failed' && (!isKnown || facts.outcome === 'seal-broken')
      return isBroken ? { type: 'broken', reason: facts.outcome } : frame
    }
    default:
      return frame
  }
}
