import type { ChatOffer, EmbeddingOffer } from '../../../protocol/src/runner/down.ts'
import type { Finish, Hello, JobFail, Usage } from '../../../protocol/src/runner/up.ts'

/** A piece of an answer as it comes out of an engine. */
export type Piece = {
  readonly text: string
  readonly tokens: number
  /** The model's own ids of `text`. Absent where they are not known, or where `text` ends inside a token. */
  readonly tokenIds?: readonly number[]
  /** What a reasoning model thinks before it answers. Counted in `tokens`, no part of `text`. */
  readonly reasoning?: string
  /** Pieces of tool calls in OpenAI's chunk shape. */
  readonly toolCalls?: readonly unknown[]
}

export type ChatRequest = Pick<ChatOffer, 'messages' | 'params' | 'delivered'>
export type EmbeddingRequest = Pick<EmbeddingOffer, 'texts' | 'dimensions'>

/** A failure that a job ends with; the words are those of `job.fail`. */
export type EngineFailure = {
  readonly ok: false
  readonly reason: JobFail['reason']
  /** With `unsupported`: OpenAI's name of the field. */
  readonly param?: string
}

export type ChatEnd = { readonly ok: true; readonly finish: Finish; readonly usage: Usage } | EngineFailure

/** What the network is told of an engine. */
export type EngineFacts = Pick<
  Hello,
  'model' | 'kind' | 'manifestDigest' | 'contextTokens' | 'parameters' | 'engine' | 'device' | 'slots'
> & {
  readonly features: readonly Hello['features'][number][]
  readonly dimensions?: number
  /** One sentence for the owner: where the model runs, and why not elsewhere. */
  readonly note: string
}

/**
 * Runs one model. An aborted signal ends a job between two tokens with finish `cancelled`. Several jobs may run at
 * once, up to `facts.slots`. A throw is a broken engine: the caller fails the job with `engine-failed`.
 */
export type Engine = {
  readonly facts: EngineFacts
  readonly chat: (request: ChatRequest, signal: AbortSignal) => AsyncGenerator<Piece, ChatEnd, void>
  /** Yields base64 of little-endian float32 in the order of the texts, a batch at a time. */
  readonly embed: (
    request: EmbeddingRequest,
    signal: AbortSignal,
  ) => AsyncGenerator<readonly string[], ChatEnd, void>
  readonly close: () => Promise<void>
}

/** The first field of a chat that an engine without these features cannot serve, in OpenAI's name. */
export function findUnsupportedParam(
  params: ChatRequest['params'],
  features: EngineFacts['features'],
): string | undefined {
  if (params.tools?.length && !features.includes('tools')) return 'tools'
  if (asksForFormat(params.responseFormat) && !features.includes('response_format')) return 'response_format'
  if (features.includes('penalties')) return undefined
  if (params.frequencyPenalty) return 'frequency_penalty'
  return params.presencePenalty ? 'presence_penalty' : undefined
}

/** The generator of an engine that does not do this kind of job. */
export async function* refuseKind(param: string): AsyncGenerator<never, EngineFailure, void> {
  yield* []
  return { ok: false, reason: 'unsupported', param }
}

function asksForFormat(format: unknown): boolean {
  if (format === undefined || format === null) return false
  return !(typeof format === 'object' && 'type' in format && format.type === 'text')
}
